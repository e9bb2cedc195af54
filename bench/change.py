"""What it takes when little has changed: one package, or nothing but the composition."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted
from bench.growth import wheel
from bench.nix import ROOT, Nix
from bench.running import Usage, output, run, side_by_side, wall
from bench.table import Row
from lock.models.nix_base32 import from_hex

CHANGED = "idna"
LOCK = ROOT / "bench" / "sets" / "large" / "sources.yaml"


def rows(nix: Nix, scratch: Path, found: Wheels, runs: int) -> Iterator[Row]:
    """The large set, with another idna; `found` are the set's files."""
    large = salted(scratch, "large")
    run(nix.build("environment", *large))
    found.kept(scratch)
    locks = [with_another(nix, scratch, f"{scratch.name}-{number}") for number in range(runs + 1)]

    def changed(number: int) -> Usage:
        return run(nix.build("environment", *large, "--arg", "lock", str(locks[number])))

    def fresh(_number: int) -> Usage:
        return found.by_uv(scratch / "change", found.cache(scratch))

    [theirs] = side_by_side(1, fresh)
    [ours] = side_by_side(runs, changed)
    yield Row("one package changed, large", "s", wall(ours), "uv, a fresh venv", wall(theirs), 2.0)
    would = nix.build("environment", *large, "--arg", "lock", str(locks[runs]), "--dry-run")
    built = sorted(re.findall(r"/\w{32}-(.*)\.drv$", output(would, errors=True), re.MULTILINE))
    yield Row("built for that", "derivations", len(built), note=", ".join(built), goal=3)

    def composed(number: int) -> Usage:
        return run(nix.build("environment", *large, "--argstr", "name", f"{scratch.name}-{number}"))

    def nothing(_number: int) -> Usage:
        return run(nix.build("environment", *large))

    def floor(number: int) -> Usage:
        return run(nix.build("floor", *large, "--argstr", "name", f"{scratch.name}-{number}"))

    composing, empty, idle = side_by_side(runs, composed, floor, nothing)
    yield Row(
        "composing, large",
        "s",
        wall(composing) - wall(idle),
        "Nix, an empty derivation with the same inputs",
        wall(empty) - wall(idle),
        0.5,
    )


def with_another(nix: Nix, scratch: Path, salt: str) -> Path:
    """The large set's lock, with another file of one package."""
    lines = LOCK.read_text().splitlines()
    at = lines.index(f'    package: "{CHANGED}"')
    version = lines[at + 1].split('"')[1]
    folder = scratch / f"changed-{salt}"
    folder.mkdir()
    file = wheel(folder, CHANGED, version, salt)
    run(nix.add(file))
    digest = from_hex(hashlib.sha256(file.read_bytes()).hexdigest())
    lines[at - 4 : at] = [
        f'  - name: "{file.name}"',
        f'    sha256: "{digest}"',
        f'    url: "file://{file}"',
        f"    size: {file.stat().st_size}",
    ]
    lock = folder / "sources.yaml"
    lock.write_text("\n".join(lines) + "\n")
    return lock
