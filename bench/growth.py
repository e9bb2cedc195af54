"""Measure how time grows with the number of packages, by environments of generated wheels."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.evaluation import evaluation
from bench.nix import Nix
from bench.running import Usage, cpu, in_turns, memory, run, wall
from bench.table import Row
from lock.lockfile.canonical import Value, dump
from lock.lockfile.formats import FORMAT
from lock.models.nix_base32 import from_hex

COUNTS = (200, 1000, 5000)
# More packages are only evaluated: to build 5,000 takes as long as all other measurements.
MOST_BUILT = 1000
GROUPS = 14
MODULES = 5
CODE = '"""A module."""\n\n\ndef function_{number}(argument):\n    return argument + {number}\n'


@dataclass(frozen=True)
class Built:
    """What building packages and composing their environment took, in seconds.

    `memory` is the bytes of the largest process of composing.
    """

    build: float
    build_cpu: float
    composition: float
    composition_cpu: float
    memory: float


@dataclass(frozen=True)
class Point:
    """What an environment with this number of packages took; `built` is None for the largest.

    `evaluation` is CPU time in seconds, `memory` the bytes that it takes beyond those of an empty
    derivation; `in_groups` and `in_groups_memory` are the same for packages in groups.
    """

    packages: int
    evaluation: float
    memory: float
    in_groups: float
    in_groups_memory: float
    built: Built | None


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


def write_wheels(folder: Path, count: int, salt: str) -> Mapping[str, Path]:
    """Write so many wheels into a new folder; return them by the names of their packages."""
    wheels = folder / f"wheels-{count}"
    wheels.mkdir()
    return {
        f"generated-{number}": write_wheel(wheels, f"generated_{number}", "1", salt)
        for number in range(count)
    }


def write_lock_of(nix: Nix, file: Path, wheels: Mapping[str, Path], groups: int = 0) -> None:
    """Write a sources.yaml of wheels of version 1, by the names of their packages.

    `groups` is a number of groups beside the default one; each has one package, which depends on
    others, which depend on others, so that every package is in one of them.
    """
    names = sorted(wheels)
    # The packages of each group, the first one that of its requirement.
    members = {f"group-{number}": names[number::groups] for number in range(groups)}
    dependencies = {
        name: [{"name": needed} for needed in found[2 * at + 1 : 2 * at + 3]]
        for found in members.values()
        for at, name in enumerate(found)
    }
    data: dict[str, Value] = {
        "wheelhouse": FORMAT,
        "python": nix.python_version(),
        "systems": {"x86_64-linux": {"glibc": "2.35"}, "aarch64-linux": {"glibc": "2.35"}},
        "groups": {name: found[:1] for name, found in members.items()} or {"default": names},
        "closure": dict.fromkeys(names, "1"),
        "packages": [
            {"name": name, "version": "1"}
            | ({"dependencies": dependencies[name]} if dependencies.get(name) else {})
            for name in names
        ],
        "links": [
            {
                "name": wheels[name].name,
                "sha256": from_hex(_sha256(wheels[name])),
                "url": f"file://{wheels[name]}",
                "package": name,
                "version": "1",
            }
            for name in names
        ],
    }
    file.write_text(dump(data))


def measure(nix: Nix, scratch: Path, counts: Sequence[int], runs: int) -> Iterator[Point]:
    """Measure environments of generated wheels of which nothing is built already."""
    for count in counts:
        paths = write_wheels(scratch, count, scratch.name)
        run(nix.add(*paths.values()))
        file, grouped = (scratch / f"{kind}-{count}.yaml" for kind in ("plain", "grouped"))
        write_lock_of(nix, file, paths)
        write_lock_of(nix, grouped, paths, GROUPS)
        arguments = ["--arg", "lock", str(file), "--argstr", "set", f"generated-{count}"]
        # Large ones are stable.
        repetitions = runs if count < 1000 else 1
        evaluated = evaluation(nix, file, repetitions)
        in_groups = evaluation(nix, grouped, repetitions, groups_argument())
        built = None
        if count <= MOST_BUILT:
            built = _build(nix, arguments, scratch.name, repetitions)
        yield Point(count, evaluated.cpu, evaluated.memory, in_groups.cpu, in_groups.memory, built)


def _build(nix: Nix, arguments: list[str], salt: str, runs: int) -> Built:
    """Build packages once, and compose their environment."""
    run(nix.build("files", *arguments))
    packages = run(nix.build("packages", *arguments))
    idle = run(nix.build("packages", *arguments))
    run(nix.build("environment", *arguments))
    composed, unchanged = in_turns(
        runs,
        partial(_build_environment, nix, arguments, salt),
        partial(_build_environment, nix, arguments, None),
    )
    return Built(
        packages.wall - idle.wall,
        packages.cpu - idle.cpu,
        wall(composed) - wall(unchanged),
        cpu(composed) - cpu(unchanged),
        memory(composed),
    )


def groups_argument() -> Sequence[str]:
    """Return the arguments of Nix that ask for all groups of a lock."""
    names = " ".join(f'"group-{number}"' for number in range(GROUPS))
    return "--arg", "groups", f"[ {names} ]"


def _build_environment(nix: Nix, arguments: list[str], salt: str | None, number: int) -> Usage:
    """Compose an environment of built packages, by a new derivation if a salt names it."""
    named = [] if salt is None else ["--argstr", "name", f"{salt}-{number}"]
    return run(nix.build("environment", *arguments, *named))


def rows(points: list[Point]) -> Iterator[Row]:
    """Compare the largest environment with the smallest one, scaled by their package counts."""
    yield from _evaluation_rows(points[0], points[-1])
    built = [(point.packages, point.built) for point in points if point.built is not None]
    yield from _build_rows(*built[0], *built[-1])


def _evaluation_rows(first: Point, last: Point) -> Iterator[Row]:
    for what, unit, smallest, largest in (
        ("evaluation: CPU", "s", first.evaluation, last.evaluation),
        ("evaluation: memory", "MB", first.memory / 1e6, last.memory / 1e6),
        ("fourteen groups, evaluation: CPU", "s", first.in_groups, last.in_groups),
        (
            "fourteen groups, evaluation: memory",
            "MB",
            first.in_groups_memory / 1e6,
            last.in_groups_memory / 1e6,
        ),
    ):
        yield _row(what, unit, (first.packages, smallest), (last.packages, largest))


def _build_rows(few: int, first: Built, many: int, last: Built) -> Iterator[Row]:
    for what, unit, smallest, largest in (
        ("build", "s", first.build, last.build),
        ("build: CPU", "s", first.build_cpu, last.build_cpu),
        ("composition", "s", first.composition, last.composition),
        ("composition: CPU", "s", first.composition_cpu, last.composition_cpu),
        ("composition: the largest process", "MB", first.memory / 1e6, last.memory / 1e6),
    ):
        yield _row(what, unit, (few, smallest), (many, largest))


def _row(what: str, unit: str, first: tuple[int, float], last: tuple[int, float]) -> Row:
    """Return the row of two numbers of packages, each with its value."""
    (few, smallest), (many, largest) = first, last
    scaled = smallest * many / few
    against = f"{many / few:g} times that of {few}"
    return Row(f"{many} packages, {what}", unit, largest, against, scaled, 1.1 * scaled)


def _record_hash(text: str) -> str:
    """Return the sha256 of a text as RECORD has it (recording installed projects)."""
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
