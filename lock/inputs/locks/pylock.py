"""Reads pylock.toml (PEP 751); its versions and files are kept, extras become groups."""

import hashlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from packaging.pylock import Package as LockedPackage
from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import load
from lock.inputs.locks import one_machine
from lock.inputs.locks.locked_requirements import (
    Groups,
    check_sources,
    has_project,
    requirements_of,
    with_project,
)
from lock.inputs.locks.pylock_packages import package_of
from lock.inputs.values.partial_markers import evaluate_clauses
from lock.models.packages import Dependency, Package, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements

NEWEST_FORMAT = Version("1.0")
# A clause of a marker about an extra or a group (PEP 751).
MEMBERSHIP = re.compile(
    r"""(?P<quote>["'])(?P<name>[^"']*)(?P=quote)\s+(?P<no>not\s+)?in\s+"""
    r"""(?P<kind>extras|dependency_groups)\b"""
)

# What edits such a file.
EDITED_BY = "with the tool that wrote it"


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: the project beside it, or all its packages.

    Raises UsageError for what PEP 751 doesn't allow, and for what Nix couldn't fetch.
    """
    return _parse(text, file, with_own=True)


def parse_dependencies(text: str, file: str) -> Requirements:
    """Return the requirements of a lock without the project beside it.

    Raises what `parse` raises.
    """
    return _parse(text, file, with_own=False)


def _parse(text: str, file: str, *, with_own: bool) -> Requirements:
    problems = Problems(file)
    data = load(text, problems)
    newer = _newer_format(data.get("lock-version"), file)
    try:
        with _quiet():
            lock = Pylock.from_dict(data)
    except (PylockUnsupportedVersionError, PylockValidationError) as error:
        raise UsageError(f"{file}: {error}; lock again with the tool that wrote it") from None
    folder = Path(file).absolute().parent
    is_left_to_project = not with_own or has_project(folder)
    listed = [one for one in lock.packages if not (is_left_to_project and _is_folder(one, folder))]
    packages: Sequence[Package] = [package_of(one, folder, problems) for one in listed]
    check_sources(packages, problems)
    problems.raise_if_any()
    groups: Groups = {
        group: _roots(listed, packages, wanted, group == DEFAULT_GROUP)
        for group, wanted in _selections(lock, problems).items()
    }
    problems.raise_if_any()
    packages = [_with_edges(package, groups[DEFAULT_GROUP], packages) for package in packages]
    if with_own:
        groups, packages = with_project(groups, packages, folder, [*groups])
    edges = tuple(edge for of_group in groups.values() for edge in of_group)
    of_machine = one_machine.environments(lock, text)
    found = requirements_of(
        groups,
        Locked(
            Resolution(edges, tuple(packages)),
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(map(str, lock.environments or ())) or of_machine,
        ),
        requires_python=_requires_python(lock, listed),
    )
    notes = [*newer, *([one_machine.NOTE] if of_machine else [])]
    return replace(found, notes=tuple(f"{file}: {note}" for note in notes))


def _newer_format(written: object, file: str) -> list[str]:
    """Return a note for a minor version that isn't known here, which leaves the others' meaning.

    Raises UsageError for a major version that isn't known here.
    """
    try:
        version = Version(str(written))
    except InvalidVersion:
        return []
    if version <= NEWEST_FORMAT:
        return []
    newer = f"format {written} is newer than {NEWEST_FORMAT}, the newest that is known here; "
    if version.major > NEWEST_FORMAT.major:
        raise UsageError(
            f"{file}: lock-version: {newer}have an older one written, or use a newer wheelhouse"
        )
    return [f"{newer}what it added has no effect"]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep packaging from logging what is told as a note."""
    logger = logging.getLogger("packaging.pylock")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _is_folder(package: LockedPackage, folder: Path) -> bool:
    """Return whether a package is the project in a folder."""
    at = package.directory
    return at is not None and os.path.normpath(
        folder / at.path / (at.subdirectory or "")
    ) == os.fspath(folder)


def _requires_python(lock: Pylock, listed: Sequence[LockedPackage]) -> str | None:
    """Return what a lock asks of Python: itself, and what it installs everywhere."""
    ranges = [lock.requires_python]
    ranges += [one.requires_python for one in listed if one.marker is None]
    clauses = dict.fromkeys(str(clause) for one in ranges for clause in one or ())
    return ",".join(sorted(clauses)) or None


def _with_edges(
    package: Package, roots: Sequence[Dependency], packages: Sequence[Package]
) -> Package:
    """Return a project that the lock gives no dependencies with what is installed beside it."""
    is_project = any(file.is_folder and file.path is not None for file in package.files)
    if package.dependencies or not is_project:
        return package
    projects = {
        one.name for one in packages if any(file.is_folder and file.path for file in one.files)
    }
    return replace(package, dependencies=tuple(one for one in roots if one.name not in projects))


def _selections(lock: Pylock, problems: Problems) -> dict[str, set[tuple[str, str]]]:
    """Return, by group, the kinds of MEMBERSHIP with normalized names that it stands for."""
    default = {
        ("dependency_groups", str(canonicalize_name(group))) for group in lock.default_groups or ()
    }
    groups = {DEFAULT_GROUP: default}
    for kind, names in (("extras", lock.extras), ("dependency_groups", lock.dependency_groups)):
        for name in names or ():
            normal = str(canonicalize_name(name))
            if normal == DEFAULT_GROUP and (kind, normal) not in default:
                problem = "packages of no group have that name here"
                problems.add(None, f"{kind}: {name}".replace("_", "-"), problem, "give it another")
            if (kind, normal) not in default:
                groups.setdefault(normal, set()).add((kind, normal))
    return groups


def _roots(
    listed: Sequence[LockedPackage],
    packages: Sequence[Package],
    wanted: set[tuple[str, str]],
    default: bool,
) -> list[Dependency]:
    """Return every package that a group installs; those of all groups are in the default one."""
    edges = []
    for package, read in zip(listed, packages, strict=True):
        marker = None if package.marker is None else str(package.marker)
        if marker is not None and MEMBERSHIP.search(marker):
            marker = evaluate_clauses(
                marker,
                MEMBERSHIP,
                lambda clause: (_asked(clause) in wanted) != bool(clause["no"]),
            )
            if marker is None:
                continue
        elif not default:
            continue
        edges.append(Dependency(read.name, read.version, marker))
    return edges


def _asked(clause: re.Match[str]) -> tuple[str, str]:
    """Return the kind and the normalized name in a clause."""
    return clause["kind"], str(canonicalize_name(clause["name"]))
