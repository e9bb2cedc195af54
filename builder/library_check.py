"""Check the native libraries that the packages of one environment need of each other.

A file finds a library of another package through an rpath such as `$ORIGIN/../../other/lib`, or
because a program has loaded the library before. The loader takes `$ORIGIN` from the path that it
opened. If a part of that path is a link to a folder, `..` leads from the link's target, so out of
the environment. That is why folders of packages that need each other's libraries must not be links.
"""

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.wiring import ExternalNeed


@dataclass(frozen=True)
class NativePackage:
    """A package with ELF files.

    `label` is its name and version, `path` its store path. `folders` contain its ELF files,
    relative to the prefix of an environment. `exported_sonames` are the names of its libraries.
    """

    label: str
    path: str
    folders: frozenset[str]
    exported_sonames: frozenset[str]
    external_needs: tuple[ExternalNeed, ...]


@dataclass(frozen=True)
class NeededLibrary:
    """A library that a package's file needs; `owner` is another package that has it, if any."""

    package: str
    path: str
    soname: str
    owner: str | None = None


@dataclass(frozen=True)
class LibraryCheck:
    """The needed libraries that a file can't find by itself.

    No package has those in `missing`. Those in `preloaded` are found only if a program loads the
    owner's library before.
    """

    missing: tuple[NeededLibrary, ...]
    preloaded: tuple[NeededLibrary, ...]


def native_package(path: str, notes: Mapping[str, Any]) -> NativePackage:
    """Return the package at a store path, from the notes that `unpack` wrote."""
    native = notes["native"]
    return NativePackage(
        label=f"{notes['name']} {notes['version']}",
        path=path,
        folders=frozenset(native["folders"]),
        exported_sonames=frozenset(native["exportedSonames"]),
        external_needs=tuple(
            ExternalNeed(need["path"], tuple(need["directories"]), tuple(need["sonames"]))
            for need in native["externalNeeds"]
        ),
    )


def packages_by_folder(packages: Sequence[NativePackage]) -> Mapping[str, Sequence[NativePackage]]:
    """Return the packages that have ELF files in a folder, by folder."""
    by_folder: defaultdict[str, list[NativePackage]] = defaultdict(list)
    for package in packages:
        for folder in package.folders:
            by_folder[folder].append(package)
    return by_folder


def real_folders(packages: Sequence[NativePackage]) -> set[str]:
    """Return the folders that must not be links.

    They are those of packages that look for libraries of others, and of the others.
    """
    by_folder = packages_by_folder(packages)
    real: set[str] = set()
    for package in packages:
        for folder in {folder for need in package.external_needs for folder in need.directories}:
            for other in by_folder.get(folder, ()):
                if other is not package:
                    real |= package.folders | other.folders
    return real


def check_libraries(packages: Sequence[NativePackage], site: str) -> LibraryCheck:
    """Look up the needed libraries of each package in the other packages of its environment.

    `site` is site-packages, relative to the prefix.
    """
    by_folder = packages_by_folder(packages)
    owners = {
        soname: package.label
        for package in reversed(packages)
        for soname in package.exported_sonames
    }
    missing: list[NeededLibrary] = []
    preloaded: list[NeededLibrary] = []
    for package in packages:
        for need in package.external_needs:
            for soname in need.sonames:
                if any(
                    os.path.exists(f"{folder_in_store(other, folder, site)}/{soname}")
                    for folder in need.directories
                    for other in by_folder.get(folder, ())
                ):
                    continue
                library = NeededLibrary(package.label, need.path, soname, owners.get(soname))
                (missing if library.owner is None else preloaded).append(library)
    return LibraryCheck(tuple(missing), tuple(preloaded))


def folder_in_store(package: NativePackage, folder: str, site: str) -> str:
    """Return where a package has its files of an environment's folder."""
    if folder == site or folder.startswith(f"{site}/"):
        return f"{package.path}/{folder}"
    return f"{package.path}/wheelhouse/data/{folder}"
