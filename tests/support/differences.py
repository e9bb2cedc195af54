"""Compare our lock of a real project's file with what the file's own tool installs."""

import os
from dataclasses import dataclass
from pathlib import Path

from lock.lockfile import reader
from tests.support import pins, real_files
from tests.support.lock_app import LockApp
from tests.support.project import ROOT
from tests.support.real_files import Case, Difference
from tests.support.reference_tools import Tools

# Stands for a group where our lock has a package that no group needs.
NO_GROUP = "no group"


@dataclass(frozen=True)
class Result:
    """What the comparison of a case gives."""

    case: Case
    # How many packages our lock has.
    packages: int
    # The selections of groups that were compared.
    selections: tuple[str, ...]
    differences: frozenset[Difference]


def compare(case: Case, folder: Path, tools: Tools) -> Result:
    """Lock a case's file in a new folder, and compare it with its tool's answer.

    Raises AssertionError where either of them refuses the file.
    """
    project = real_files.lay_out(case, folder, lambda: tools.index_url)
    answers = tools.answers(case, project)
    lock = reader.read(_lock(case, project, tools))
    ours = {
        (selection, system): pins.locked(lock, selection.groups, system)
        for selection, system in answers
    }
    found = [
        (package, what, mine, theirs, selection.name, system)
        for (selection, system), answer in answers.items()
        for package, what, mine, theirs in pins.compare(ours[selection, system], answer)
    ]
    for system in case.systems:
        needed = {name for (_, other), all_ in ours.items() if other == system for name in all_}
        found += [
            (package, "version", pin.shown, pins.NONE, NO_GROUP, system)
            for package, pin in pins.all_locked(lock, system).items()
            if package not in needed
        ]
    return Result(
        case,
        len({package.name for package in lock.packages}),
        tuple(dict.fromkeys(selection.name for selection, _ in answers)),
        _gathered(found),
    )


def _lock(case: Case, project: Path, tools: Tools) -> Path:
    """Return our lock of a case's file, beside the file."""
    folder = (project / case.file).parent
    app = LockApp(folder, {**tools.environment, "PYTHONPATH": os.fspath(ROOT)})
    app.succeed(
        *(argument for system in case.systems for argument in ("--system", system)),
        *(argument for group in case.only_groups for argument in ("--only-group", group)),
        *(["--exclude-newer", case.exclude_newer] if case.exclude_newer else []),
        "--project" if case.with_project else "--no-project",
        case.python,
        Path(case.file).name,
        "sources.yaml",
    )
    return folder / "sources.yaml"


def _gathered(found: list[tuple[str, str, str, str, str, str]]) -> frozenset[Difference]:
    """Return differences with all groups that have them on the same systems."""
    systems_of: dict[tuple[str, str, str, str, str], set[str]] = {}
    for *key, system in found:
        package, what, ours, theirs, group = key
        systems_of.setdefault((package, what, ours, theirs, group), set()).add(system)
    groups_of: dict[tuple[str, str, str, str, frozenset[str]], set[str]] = {}
    for (package, what, ours, theirs, group), systems in systems_of.items():
        groups_of.setdefault((package, what, ours, theirs, frozenset(systems)), set()).add(group)
    return frozenset(
        Difference(package, what, ours, theirs, frozenset(groups), systems)
        for (package, what, ours, theirs, systems), groups in groups_of.items()
    )


def explain(case: Case, differences: frozenset[Difference]) -> str:
    """Return a line for each difference that isn't expected, and each expected one that isn't."""
    surprising = differences - case.differences.keys()
    missing = case.differences.keys() - differences
    return "\n".join(
        [f"{case}: not expected: {_line(one)}" for one in sorted(surprising, key=str)]
        + [f"{case}: no longer so: {_line(one)}" for one in sorted(missing, key=str)]
    )


def _line(one: Difference) -> str:
    return (
        f"{one.package} {one.what}: lock has {one.ours}, the tool {one.theirs}, in "
        f"{', '.join(sorted(one.groups))} on {', '.join(sorted(one.systems))}"
    )
