"""Makes requirements of the content of another tool's lock."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lock.inputs.documents.problems import Problems
from lock.models.choices import Conflict
from lock.models.packages import UNKNOWN_VERSION, Dependency, Package, project_folder
from lock.models.requirements import (
    DEFAULT_GROUP,
    Index,
    Locked,
    Project,
    Requirement,
    Requirements,
)

SHA256 = re.compile(r"sha256:([0-9a-f]{64})", re.IGNORECASE | re.ASCII)
Groups = Mapping[str, Sequence[Dependency]]


def requirements_of(
    groups: Groups,
    locked: Locked,
    *,
    python: str | None = None,
    requires_python: str | None = None,
    indexes: tuple[Index, ...] = (),
    index_of: Mapping[str, str] | None = None,
    conflicts: tuple[Conflict, ...] = (),
    notes: tuple[str, ...] = (),
) -> Requirements:
    """Return the requirements whose groups are the roots of a lock, without empty groups.

    `index_of` maps a project name to the name of its only index.
    """
    found = {
        group: _requirements(edges, index_of or {})
        for group, edges in sorted(groups.items())
        if edges
    }
    packages = found.pop(DEFAULT_GROUP, ())
    roots = {group: tuple(edges) for group, edges in groups.items() if edges}
    return Requirements(
        python,
        None,
        packages,
        found,
        indexes,
        requires_python=requires_python,
        locked=replace(locked, roots=roots),
        conflicts=conflicts,
        notes=notes,
    )


def _requirements(
    edges: Sequence[Dependency], index_of: Mapping[str, str]
) -> tuple[Requirement, ...]:
    listed = {
        Requirement(
            edge.name,
            tuple(sorted(edge.extras)),
            f"=={edge.version}" if edge.version else "",
            edge.marker,
            index=index_of.get(edge.name),
        )
        for edge in edges
    }
    return tuple(sorted(listed, key=str))


def sha256_in(hashes: Iterable[object]) -> list[str]:
    """Return the sha256 in hashes such as "sha256:…", in lower case, without other hashes."""
    found = (SHA256.fullmatch(text) for text in hashes if isinstance(text, str))
    return [match[1].lower() for match in found if match]


def check_sources(packages: Sequence[Package], problems: Problems) -> None:
    """Add a problem for each version of a package that comes from several places."""
    counted = Counter((package.name, package.version) for package in packages)
    for (name, version), number in sorted(counted.items()):
        if number > 1:
            problem = f"version {version} comes from {number} places, which can't be told apart"
            problems.add(None, name, problem, "keep one of them in what the lock is made of")


def with_absolute_paths(package: Package, folder: Path) -> Package:
    """Return a package with the paths of its files, relative to a folder, made absolute."""
    files = (
        file if file.path is None else replace(file, path=os.path.normpath(folder / file.path))
        for file in package.files
    )
    return replace(package, files=tuple(files))


def has_project(folder: Path) -> bool:
    """Return whether a folder's pyproject.toml declares a project of which a wheel is built.

    Raises UsageError where it can't be read.
    """
    return _declared(folder) is not None


def with_project(
    groups: Groups,
    packages: Sequence[Package],
    folder: Path,
    locked_extras: Collection[str] | None = None,
) -> tuple[Groups, tuple[Package, ...]]:
    """Return groups and packages of a lock with the project of its folder, if that has one.

    The default group then consists of the project, which depends on what the group had; so do the
    groups of its extras, or of those among them that the lock has.

    Raises UsageError where the folder's pyproject.toml can't be read.
    """
    declared = _declared(folder)
    if declared is None:
        return groups, tuple(packages)
    own = Dependency(declared.name)
    extras = {
        extra: tuple(groups.get(extra, ()))
        for extra in declared.extras
        if locked_extras is None or extra in locked_extras
    }
    package = Package(
        declared.name,
        declared.version or UNKNOWN_VERSION,
        (project_folder(declared.name, declared.version, declared.path),),
        tuple(groups.get(DEFAULT_GROUP, ())),
        extras,
    )
    return {
        **groups,
        DEFAULT_GROUP: [own],
        **{extra: [replace(own, extras=frozenset({extra}))] for extra in extras},
    }, (*packages, package)


def _declared(folder: Path) -> Project | None:
    # Imported here because it imports the readers of other files.
    from lock.inputs import read_text
    from lock.inputs.project import pyproject

    file = folder / "pyproject.toml"
    return pyproject.own_project(read_text(file), str(file)) if file.is_file() else None
