"""The groups of an existing lock, as the model has them."""

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
    """The requirements that ask for the roots of a lock; empty groups are left out.

    `index_of` gives the name of a package's only index.
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


def below(package: Package, folder: Path) -> Package:
    """A package whose files on this machine are seen from a folder, with their absolute paths."""
    files = (
        file if file.path is None else replace(file, path=os.path.normpath(folder / file.path))
        for file in package.files
    )
    return replace(package, files=tuple(files))
