"""Measure rebuilding an environment after a small change: of one package, or of its name only."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted_arguments
from bench.growth import write_wheel
from bench.nix import ROOT, Nix
from bench.running import Usage, in_turns, output, run, wall
from bench.table import Row, timed
from lock.lockfile.canonical import dump
from lock.models.nix_base32 import from_hex

# Set → the package of it that changes.
CHANGED = {"small": "sqlparse", "large": "idna"}
SETS = ROOT / "bench" / "sets"


def rows(nix: Nix, scratch: Path, wheels: Wheels, runs: int) -> Iterator[Row]:
    """Measure a set with another file of one package, then under another name."""
    name = wheels.name
    arguments = salted_arguments(scratch, name)
    run(nix.build("environment", *arguments))
    locks = [
        lock_with_changed_package(nix, scratch, f"{scratch.name}-{number}", name)
        for number in range(runs + 1)
    ]

    def with_changed_package(number: int) -> Usage:
        return run(nix.build("environment", *arguments, "--arg", "lock", str(locks[number])))

    def with_uv(number: int) -> Usage:
        [wheel] = locks[number].parent.glob("*.whl")
        return wheels.reinstall_with_uv(scratch, wheel)

    # Fills the virtual environment.
    with_uv(runs)
    ours, theirs = in_turns(runs, with_changed_package, with_uv)
    yield timed(f"one package changed, {name}", ours, "uv, that package in place", theirs, 2.0)
    dry_run = nix.build("environment", *arguments, "--arg", "lock", str(locks[runs]), "--dry-run")
    built = sorted(re.findall(r"/\w{32}-(.*)\.drv$", output(dry_run, errors=True), re.MULTILINE))
    yield Row("built for that", "derivations", len(built), note=", ".join(built), goal=3)

    def with_another_name(number: int) -> Usage:
        return run(
            nix.build("environment", *arguments, "--argstr", "name", f"{scratch.name}-{number}")
        )

    def unchanged(_number: int) -> Usage:
        return run(nix.build("environment", *arguments))

    def empty_environment(number: int) -> Usage:
        another = f"{scratch.name}-{number}"
        return run(nix.build("emptyEnvironment", *arguments, "--argstr", "name", another))

    composed, empty, idle = in_turns(runs, with_another_name, empty_environment, unchanged)
    yield Row(
        f"composing, {name}",
        "s",
        wall(composed) - wall(idle),
        "Nix, an empty derivation with the same inputs",
        wall(empty) - wall(idle),
        0.5,
    )


def lock_with_changed_package(nix: Nix, scratch: Path, salt: str, name: str) -> Path:
    """Write a set's lock with another file of one package, and return its path."""
    data = json.loads((SETS / name / "sources.yaml").read_text("utf-8"))
    [link] = [one for one in data["links"] if one["package"] == CHANGED[name]]
    folder = scratch / f"changed-{salt}"
    folder.mkdir()
    file = write_wheel(folder, link["package"], link["version"], salt)
    run(nix.add(file))
    link |= {
        "name": file.name,
        "sha256": from_hex(hashlib.sha256(file.read_bytes()).hexdigest()),
        "url": f"file://{file}",
        "size": file.stat().st_size,
    }
    lock = folder / "sources.yaml"
    lock.write_text(dump(data), "utf-8")
    return lock
