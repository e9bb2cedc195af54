"""Packages of one environment whose native libraries depend on each other.

A library finds another package's through `$ORIGIN/../../other/lib`, or because a program has loaded
it before. The loader takes `$ORIGIN` from the path that it opened, and the kernel leaves the
environment where a part of that path is a link to a folder: so the folders of packages that reach
each other are real ones.
"""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.native import Reach


@dataclass(frozen=True)
class Native:
    """A package's part in this, as its notes have it.

    `folders` hold its ELF files, by path from the prefix; `offered` are the names of its libraries;
    `label` is its name and version.
    """

    label: str
    path: str
    folders: frozenset[str]
    offered: frozenset[str]
    reaches: tuple[Reach, ...]


@dataclass(frozen=True)
class Need:
    """A library that a file of a package needs, and, where one has it, the other package."""

    package: str
    path: str
    soname: str
    owner: str | None = None


@dataclass(frozen=True)
class Judgement:
    """The needs that nothing meets, and those met only if the owner's library is loaded before."""

    missing: tuple[Need, ...]
    preloaded: tuple[Need, ...]


def native(path: str, summary: Mapping[str, Any]) -> Native:
    """What the notes of the package at `path` say (`unpack`)."""
    notes = summary["native"]
    return Native(
        label=f"{summary['name']} {summary['version']}",
        path=path,
        folders=frozenset(notes["folders"]),
        offered=frozenset(notes["offered"]),
        reaches=tuple(
            Reach(reach["path"], tuple(reach["directories"]), tuple(reach["sonames"]))
            for reach in notes["reaches"]
        ),
    )


def owners_of_folders(packages: Sequence[Native]) -> Mapping[str, Sequence[Native]]:
    """Folder → the packages that have ELF files in it."""
    owners: defaultdict[str, list[Native]] = defaultdict(list)
    for package in packages:
        for folder in package.folders:
            owners[folder].append(package)
    return owners


def real_folders(packages: Sequence[Native]) -> set[str]:
    """The folders that mustn't be links: of packages that reach others, and of those reached."""
    owners = owners_of_folders(packages)
    real: set[str] = set()
    for package in packages:
        for folder in {folder for reach in package.reaches for folder in reach.directories}:
            for other in owners.get(folder, ()):
                if other is not package:
                    real |= package.folders | other.folders
    return real


def judge(packages: Sequence[Native], site: str) -> Judgement:
    """Which needs the packages of an environment don't meet for each other."""
    owners = owners_of_folders(packages)
    offers = {soname: package.label for package in reversed(packages) for soname in package.offered}
    missing: list[Need] = []
    preloaded: list[Need] = []
    for package in packages:
        for reach in package.reaches:
            for soname in reach.sonames:
                if any(
                    os.path.exists(f"{source(other, folder, site)}/{soname}")
                    for folder in reach.directories
                    for other in owners.get(folder, ())
                ):
                    continue
                need = Need(package.label, reach.path, soname, offers.get(soname))
                (missing if need.owner is None else preloaded).append(need)
    return Judgement(tuple(missing), tuple(preloaded))


def source(package: Native, folder: str, site: str) -> str:
    """Where a package has what lies in a folder of the environment."""
    if folder == site or folder.startswith(f"{site}/"):
        return f"{package.path}/{folder}"
    return f"{package.path}/wheelhouse/data/{folder}"
