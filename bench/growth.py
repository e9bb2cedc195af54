"""Measure how time grows with the number of packages, by environments of generated wheels."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.evaluation import evaluation_time
from bench.nix import Nix
from bench.running import Usage, in_turns, run, wall
from bench.table import Row
from lock.lockfile.canonical import Value, dump
from lock.lockfile.formats import FORMAT
from lock.models.nix_base32 import from_hex

COUNTS = (200, 500, 1000, 2000)
MODULES = 5
CODE = '"""A module."""\n\n\ndef function_{number}(argument):\n    return argument + {number}\n'


@dataclass(frozen=True)
class Point:
    """The seconds that each step took for an environment with this number of packages."""

    packages: int
    evaluation: float
    build: float
    composition: float


def write_wheel(folder: Path, name: str, version: str, salt: str) -> Path:
    """Write a pure wheel with a few modules (binary distribution format), and return its path.

    `salt` is part of its metadata, so that each salt gives another file.
    """
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/{'__init__' if module == 0 else f'module_{module}'}.py": CODE.format(number=module)
        for module in range(MODULES)
    }
    files[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {salt}\n"
    )
    files[f"{info}/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = "".join(
        f"{path},sha256={_record_hash(text)},{len(text.encode())}\n" for path, text in files.items()
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, text in files.items():
            archive.writestr(zipfile.ZipInfo(member), text)
    return path


def write_lock(nix: Nix, folder: Path, count: int, salt: str) -> Path:
    """Write a sources.yaml of generated wheels, and these in a folder beside it."""
    wheels = folder / f"wheels-{count}"
    wheels.mkdir()
    paths = {
        f"generated-{number}": write_wheel(wheels, f"generated_{number}", "1", salt)
        for number in range(count)
    }
    run(nix.add(*paths.values()))
    names = sorted(paths)
    data: dict[str, Value] = {
        "wheelhouse": FORMAT,
        "python": nix.python_version(),
        "systems": {"x86_64-linux": {"glibc": "2.35"}, "aarch64-linux": {"glibc": "2.35"}},
        "groups": {"default": names},
        "closure": dict.fromkeys(names, "1"),
        "packages": [{"name": name, "version": "1"} for name in names],
        "links": [
            {
                "name": paths[name].name,
                "sha256": from_hex(hashlib.sha256(paths[name].read_bytes()).hexdigest()),
                "url": f"file://{paths[name]}",
                "package": name,
                "version": "1",
            }
            for name in names
        ],
    }
    file = folder / f"sources-{count}.yaml"
    file.write_text(dump(data))
    return file


def measure(nix: Nix, scratch: Path, counts: Sequence[int], runs: int) -> Iterator[Point]:
    """Measure environments of generated wheels of which nothing is built already."""
    for count in counts:
        file = write_lock(nix, scratch, count, scratch.name)
        arguments = ["--arg", "lock", str(file), "--argstr", "set", f"generated-{count}"]
        evaluation = evaluation_time(nix, file, runs)
        run(nix.build("files", *arguments))
        packages = run(nix.build("packages", *arguments)).wall
        idle = run(nix.build("packages", *arguments)).wall
        run(nix.build("environment", *arguments))
        composed, unchanged = in_turns(
            runs,
            partial(_build_environment, nix, arguments, scratch.name),
            partial(_build_environment, nix, arguments, None),
        )
        yield Point(count, evaluation, packages - idle, wall(composed) - wall(unchanged))


def _build_environment(nix: Nix, arguments: list[str], salt: str | None, number: int) -> Usage:
    """Compose an environment of built packages, by a new derivation if a salt names it."""
    named = [] if salt is None else ["--argstr", "name", f"{salt}-{number}"]
    return run(nix.build("environment", *arguments, *named))


def rows(points: list[Point]) -> Iterator[Row]:
    """Compare the largest environment with the smallest one, scaled by their package counts."""
    first, last = points[0], points[-1]
    factor = last.packages / first.packages
    for what, smallest, largest in (
        ("evaluation", first.evaluation, last.evaluation),
        ("build", first.build, last.build),
        ("composition", first.composition, last.composition),
    ):
        yield Row(
            f"{what}, {last.packages} packages",
            "s",
            largest,
            f"{factor:g} times that of {first.packages}",
            smallest * factor,
            1.1 * smallest * factor,
        )


def _record_hash(text: str) -> str:
    """Return the sha256 of a text as RECORD has it (recording installed projects)."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
