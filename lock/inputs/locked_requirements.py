"""Makes requirements of the content of another tool's lock."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lock.models.packages import Dependency, Package
from lock.models.requirements import DEFAULT_GROUP, Index, Locked, Requirement, Requirements

Groups = Mapping[str, Sequence[Dependency]]


def requirements_of(
    groups: Groups,
    locked: Locked,
    *,
    python: str | None = None,
    requires_python: str | None = None,
    indexes: tuple[Index, ...] = (),
    index_of: Mapping[str, str] | None = None,
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
    return Requirements(
        python,
        None,
        packages,
        found,
        indexes,
        requires_python=requires_python,
        locked=locked,
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


def with_absolute_paths(package: Package, folder: Path) -> Package:
    """Return a package with the paths of its files, relative to a folder, made absolute."""
    files = (
        file if file.path is None else replace(file, path=os.path.normpath(folder / file.path))
        for file in package.files
    )
    return replace(package, files=tuple(files))
