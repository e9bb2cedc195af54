"""Packages whose native libraries look for each other through `$ORIGIN/../../other/lib`.

The loader takes `$ORIGIN` from the path that it opened, and the kernel leaves the environment where
a part of that path is a link to a folder. So the folders of such packages are real ones.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from builder.native import Reach, Unmet


@dataclass(frozen=True)
class Native:
    """A package's part in this: `folders` hold its ELF files, by path from the prefix."""

    name: str
    path: str
    folders: frozenset[str]
    reaches: tuple[Reach, ...]
    strict: bool


def real_folders(packages: Sequence[Native]) -> set[str]:
    """The folders that mustn't be links: of packages that reach others, and of those reached."""
    real: set[str] = set()
    for package in packages:
        wanted = {folder for reach in package.reaches for folder in reach.directories}
        for other in packages:
            if wanted & other.folders:
                real |= package.folders | other.folders
    return real


def unmet_by_siblings(package: Native, packages: Sequence[Native], site: str) -> list[Unmet]:
    """The libraries that a package hoped to find in others, and that none of them has."""
    return [
        Unmet(reach.path, soname)
        for reach in package.reaches
        for soname in reach.sonames
        if not any(
            folder in other.folders and os.path.exists(f"{source(other, folder, site)}/{soname}")
            for folder in reach.directories
            for other in packages
        )
    ]


def source(package: Native, folder: str, site: str) -> str:
    """Where a package has what lies in a folder of the environment."""
    if folder == site or folder.startswith(f"{site}/"):
        return f"{package.path}/{folder}"
    return f"{package.path}/wheelhouse/data/{folder}"
