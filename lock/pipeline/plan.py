"""What a command is to lock: its arguments, with what stands in for those that are left out."""

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import InvalidName, canonicalize_name

from lock.commands.arguments import PLACE, PYTHON_SHAPE, SOURCES
from lock.errors import UsageError
from lock.io import files as output
from lock.lockfile.requested import moment
from lock.models.requirements import Requirements
from lock.models.target import (
    FLOORS,
    USUAL_SYSTEMS,
    Target,
    check_floor,
    check_python,
    check_system,
    only_python,
    with_floors,
)
from lock.pipeline.jobs import Job
from lock.resolution import preferences

WHICH_PYTHON = (
    "lock: which Python? Name its version, as in `lock 3.11`, or write `python: 3.11` into the "
    "requirements"
)


@dataclass(frozen=True)
class Work:
    """What a command is to lock."""

    wanted: Requirements
    # The file that asks for it, as the user named it.
    origin: Path
    jobs: Sequence[Job]
    environment: Mapping[str, str]

    @property
    def summary(self) -> str:
        """What is being done, in a line."""
        pythons = ", ".join(job.targets[0].python for job in self.jobs)
        systems = ", ".join(target.system.name for target in self.jobs[0].targets)
        return f"resolving for Python {pythons} on {systems}"


def sources_files(
    pattern: str | None, named: Sequence[str], required: str | None, usual: str = SOURCES
) -> list[tuple[Path, str | None]]:
    """The file to write for each Python, of which None is still to be found out.

    Without a pattern it is the `usual` file, or one beside it for each of several Pythons.
    """
    pythons: list[str | None] = [*named]
    several = _several(usual)
    if pattern is None:
        if not named and required is None and not Path(usual).exists():
            pythons = [*_locked_before(several)]
        pattern = usual if len(pythons) < 2 else several
    pythons = pythons or [required]
    if PLACE not in pattern:
        if len(pythons) > 1:
            raise UsageError(
                f"{pattern}: a lock is for one Python; write {PLACE} where its version is to "
                f"stand in the file's name, as in {several}"
            )
        return [(Path(pattern), pythons[0])]
    if None in pythons:
        raise UsageError(WHICH_PYTHON)
    return [(Path(pattern.replace(PLACE, python)), python) for python in pythons if python]


def _several(usual: str) -> str:
    """The names of the files of several Pythons, after that of the file of one."""
    return f"{Path(usual).stem}-{PLACE}{Path(usual).suffix}"


def _locked_before(several: str) -> list[str]:
    """The Pythons that have a lock each, by the usual names, where there are several."""
    before, after = several.split(PLACE)
    names = (file.name for file in Path().glob(several.replace(PLACE, "*")))
    versions = {name.removeprefix(before).removesuffix(after) for name in names}
    found = sorted(
        filter(PYTHON_SHAPE.fullmatch, versions),
        key=lambda version: (*map(int, version.rstrip("t").split(".")), version.endswith("t")),
    )
    return found if len(found) > 1 else []


def assemble(
    parsed: argparse.Namespace,
    wanted: Requirements,
    origin: Path,
    files: Sequence[tuple[Path, str | None]],
    *,
    written: bool = True,
) -> Work:
    """What the arguments of `add_resolution` make of some requirements.

    Raises UsageError for what is wrong in them, and where a file is to be `written` and can't be.
    """
    if parsed.exclude_newer:
        wanted = replace(wanted, exclude_newer=_time(parsed.exclude_newer))
    named = systems(parsed.systems) or wanted.systems
    floors = {**wanted.floors, **_floors(parsed)}
    upgraded = _names(parsed.upgraded)
    jobs = []
    for file, argument in files:
        output.check_apart(file, origin)
        output.check(file) if written else output.check_kind(file)
        version = python(argument, required_python(wanted), file)
        before = output.read_systems(file)
        asked = with_floors(named or [*before] or USUAL_SYSTEMS, {**_known(before), **floors})
        kept = preferences.Previous() if parsed.upgrade else preferences.read(file, upgraded)
        jobs.append(Job(file, [Target(system, version) for system in asked], kept))
    return Work(wanted, origin, jobs, environment(parsed))


def _known(before: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The oldest platforms of the lock that is there, by their kinds."""
    return {kind: version for floor in before.values() for kind, version in floor.items()}


def environment(parsed: argparse.Namespace) -> dict[str, str]:
    """The variables that tools of others run with."""
    return os.environ | ({"UV_OFFLINE": "1"} if parsed.offline else {})


def required_python(wanted: Requirements) -> str | None:
    """The version of Python that the requirements ask for, or the only one that they let in."""
    return wanted.python or only_python(wanted.requires_python)


def python(argument: str | None, required: str | None, sources_file: Path) -> str:
    """The version of Python to lock for, checked."""
    if required is not None and argument is None:
        return required
    version = argument or output.read_python(sources_file)
    if version is None:
        raise UsageError(WHICH_PYTHON)
    try:
        return check_python(version)
    except UsageError as error:
        raise UsageError(f"{'lock' if argument else sources_file}: {error}") from None


def systems(given: Sequence[str] | None) -> tuple[str, ...]:
    """The systems named on the command line, checked."""
    try:
        return tuple(check_system(name) for name in given or ())
    except UsageError as error:
        raise UsageError(f"lock: --system: {error}") from None


def _floors(parsed: argparse.Namespace) -> dict[str, str]:
    """The oldest platforms named on the command line, checked."""
    found: dict[str, str] = {}
    for kind in FLOORS:
        given = getattr(parsed, kind)
        try:
            found |= {} if given is None else {kind: check_floor(kind, given)}
        except UsageError as error:
            raise UsageError(f"lock: --{kind}: {error}") from None
    return found


def _time(given: str) -> str:
    """The time named on the command line, checked."""
    try:
        return moment(given)
    except UsageError as error:
        raise UsageError(f"lock: --exclude-newer: {error}") from None


def _names(given: Sequence[str]) -> frozenset[str]:
    """The packages named on the command line, normalised."""
    return frozenset(name_of(name, "lock: --upgrade-package") for name in given)


def name_of(given: str, where: str) -> str:
    """A package's name, normalised. Raises UsageError for what is none."""
    try:
        return canonicalize_name(given, validate=True)
    except InvalidName as error:
        raise UsageError(f"{where}: {error}; write a package's name") from None
