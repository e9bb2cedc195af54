"""How the time grows with the number of packages: environments of generated wheels."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.evaluation import computing
from bench.nix import Nix
from bench.running import Usage, run, side_by_side, wall
from bench.table import Row
from lock.lockfile.canonical import Value, dump
from lock.models.nix_base32 import from_hex

COUNTS = (200, 500, 1000, 2000)
MODULES = 5
CODE = '"""A module."""\n\n\ndef function_{number}(argument):\n    return argument + {number}\n'


@dataclass(frozen=True)
class Point:
    """What an environment of so many packages took, in seconds."""

    packages: int
    evaluation: float
    build: float
    composition: float


def wheel(folder: Path, name: str, version: str, salt: str) -> Path:
    """A pure wheel with a few modules (binary distribution format); `salt` is in its metadata."""
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
        f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items()
    )
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for inner, text in files.items():
            archive.writestr(zipfile.ZipInfo(inner), text)
    return path


def lock(nix: Nix, folder: Path, count: int, salt: str) -> Path:
    """A sources.yaml of generated wheels, which lie in a folder beside it."""
    wheels = folder / f"wheels-{count}"
    wheels.mkdir()
    paths = {
        f"generated-{number}": wheel(wheels, f"generated_{number}", "1", salt)
        for number in range(count)
    }
    run(nix.add(*paths.values()))
    names = sorted(paths)
    data: dict[str, Value] = {
        "wheelhouse": 1,
        "python": nix.python(),
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
    """Environments of generated wheels, no one of which is built already."""
    for count in counts:
        file = lock(nix, scratch, count, scratch.name)
        arguments = ["--arg", "lock", str(file), "--argstr", "set", f"generated-{count}"]
        evaluation = computing(nix, file, runs)
        run(nix.build("files", *arguments))
        packages = run(nix.build("packages", *arguments)).wall
        idle = run(nix.build("packages", *arguments)).wall
        run(nix.build("environment", *arguments))
        named = partial(_composed, nix, arguments, scratch.name)
        composed, again = side_by_side(runs, named, partial(_composed, nix, arguments, None))
        yield Point(count, evaluation, packages - idle, wall(composed) - wall(again))


def _composed(nix: Nix, arguments: list[str], salt: str | None, number: int) -> Usage:
    """Composes an environment of packages that are built, anew where it has another name."""
    named = [] if salt is None else ["--argstr", "name", f"{salt}-{number}"]
    return run(nix.build("environment", *arguments, *named))


def rows(points: list[Point]) -> Iterator[Row]:
    """Whether the largest takes what the smallest lets one expect."""
    first, last = points[0], points[-1]
    times = last.packages / first.packages
    for what, one, other in (
        ("evaluation", first.evaluation, last.evaluation),
        ("build", first.build, last.build),
        ("composition", first.composition, last.composition),
    ):
        yield Row(
            f"{what}, {last.packages} packages",
            "s",
            other,
            f"{times:g} times that of {first.packages}",
            one * times,
            1.1 * one * times,
        )


def _digest(text: str) -> str:
    """RECORD's form of a hash (recording installed projects)."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
