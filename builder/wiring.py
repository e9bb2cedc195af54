"""Decide which native libraries the files of a package lack, and how to change the files.

Nothing is read or written here: `elf` reads the files, `patch` changes them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

from native.elf import Elf
from native.needs import DRIVER_LIBRARY, LIBC_LIBRARY

# What reports name as the owner of a GPU driver's libraries.
DRIVER = "the driver"
# An entry of an rpath or runpath that is relative to its file (ld.so(8)).
ORIGIN_ENTRY = re.compile(r"\$(?:ORIGIN|\{ORIGIN\})(?P<rest>(?:/.*)?)")


@dataclass(frozen=True)
class LibraryDirectory:
    """A directory of shared libraries, and the attribute of the package set that it belongs to."""

    attribute: str
    path: str
    file_names: frozenset[str]


@dataclass(frozen=True)
class ResolvedLibrary:
    """A library that a file needs, and the attribute of the package set that has it."""

    soname: str
    attribute: str


@dataclass(frozen=True)
class Patch:
    """The changes of a file.

    `search_path` is the new value of `tag` (RPATH or RUNPATH). `added_directories` are the entries
    of it that are new, `resolved` the libraries that they are for. `interpreter` is the new program
    interpreter, None for a library.
    """

    path: str
    tag: str
    search_path: tuple[str, ...]
    added_directories: tuple[str, ...]
    interpreter: str | None
    resolved: tuple[ResolvedLibrary, ...]


@dataclass(frozen=True)
class ExternalNeed:
    """What a file needs of the other packages of its environment.

    `path` is the file and `directories` are where it looks, relative to the prefix of an
    environment. `sonames` are libraries that neither its package nor a library directory has.
    """

    path: str
    directories: tuple[str, ...]
    sonames: tuple[str, ...]


@dataclass(frozen=True)
class Platform:
    """What the files are to run on.

    `machine` is the interpreter's; files for other machines are not changed. `program_interpreter`
    is set in programs of wheels. `driver_path` is the directory of the graphics driver's libraries
    on the running system. `store` is the folder whose absolute paths may stay in a search path.
    """

    machine: str
    program_interpreter: str | None
    driver_path: str
    store: str


@dataclass(frozen=True)
class Plan:
    """The files of a package to change, and those that depend on other packages."""

    patches: tuple[Patch, ...]
    external_needs: tuple[ExternalNeed, ...]


def plan_wiring(
    files: Sequence[Elf],
    paths: Iterable[str],
    libraries: Sequence[LibraryDirectory],
    platform: Platform,
) -> Plan:
    """Decide for each ELF file of an unpacked package which libraries it lacks.

    `paths` are those of all its ELF files. A library among them counts as found, wherever it is:
    the package itself makes sure of that, by `$ORIGIN` entries or by importing it first.
    """
    paths = list(paths)
    own_names = {*map(basename, paths), *(file.soname for file in files if file.soname)}
    folders = native_folders(paths)
    patches: list[Patch] = []
    external_needs: list[ExternalNeed] = []
    for file in files:
        if file.machine != platform.machine:
            continue
        added, resolved, missing = resolve_needed(file, own_names, libraries, platform.driver_path)
        # Another package may have files in a folder of this one, and the missing library there.
        directories = external_directories(file, frozenset() if missing else folders)
        if directories or missing:
            external_needs.append(ExternalNeed(installed_path(file.path), directories, missing))
        patch = plan_patch(file, added, resolved, platform)
        if patch is not None:
            patches.append(patch)
    return Plan(tuple(patches), tuple(external_needs))


def resolve_needed(
    file: Elf, own_names: set[str], libraries: Sequence[LibraryDirectory], driver_path: str
) -> tuple[tuple[str, ...], tuple[ResolvedLibrary, ...], tuple[str, ...]]:
    """Look up the libraries that a file needs from outside of its package.

    Returns the directories that have them, the libraries that were found, and the sonames of those
    that were not. `own_names` are the names of the package's own libraries.
    """
    directories: list[str] = []
    resolved: list[ResolvedLibrary] = []
    missing: list[str] = []
    for soname in dict.fromkeys(file.needed):
        if soname in own_names or LIBC_LIBRARY.fullmatch(soname):
            continue
        if DRIVER_LIBRARY.fullmatch(soname):
            library: LibraryDirectory | None = LibraryDirectory(DRIVER, driver_path, frozenset())
        else:
            library = find_library(soname, libraries)
        if library is None:
            missing.append(soname)
        else:
            directories.append(library.path)
            resolved.append(ResolvedLibrary(soname, library.attribute))
    return tuple(dict.fromkeys(directories)), tuple(resolved), tuple(missing)


def installed_path(path: str) -> str:
    """Return where a file of an unpacked package is in an environment, relative to its prefix."""
    for folder, destination in (("wheelhouse/data/", ""), ("wheelhouse/scripts/", "bin/")):
        if path.startswith(folder):
            return destination + path.removeprefix(folder)
    return path


def native_folders(paths: Iterable[str]) -> frozenset[str]:
    """Return the folders of ELF files, relative to the prefix of an environment."""
    return frozenset(dirname(installed_path(path)) for path in paths)


def external_directories(file: Elf, folders: frozenset[str]) -> tuple[str, ...]:
    """Return the directories of a file's search path that are not its package's `folders`.

    Only `$ORIGIN` entries inside the environment count.
    """
    origin = dirname(installed_path(file.path))
    entries = file.runpath if file.runpath is not None else file.rpath or ()
    targets = [
        normpath(f"{origin}/{match['rest']}")
        for match in map(ORIGIN_ENTRY.fullmatch, entries)
        if match is not None
    ]
    outside = [
        target
        for target in targets
        if target not in folders
        and not target.startswith("..")
        and target != "."
        and not any(folder.startswith(f"{target}/") for folder in folders)
    ]
    return tuple(dict.fromkeys(outside))


def find_library(soname: str, libraries: Sequence[LibraryDirectory]) -> LibraryDirectory | None:
    """Return the first directory that has a library of this name."""
    return next((library for library in libraries if soname in library.file_names), None)


def plan_patch(
    file: Elf,
    added: tuple[str, ...],
    resolved: tuple[ResolvedLibrary, ...],
    platform: Platform,
) -> Patch | None:
    """Return the changes of a file; None if there are none.

    The file's own entries stay first, in the tag that the file has. Only those relative to the file
    and those in the store stay: the others are directories of the machine that built the wheel. A
    file without a search path gets an RPATH, because a RUNPATH would make the loader ignore the
    RPATHs of the files that load it, the interpreter's among them (ld.so(8)).
    """
    interpreter = platform.program_interpreter if file.interpreter is not None else None
    if interpreter is not None:
        # A program of a wheel needs the glibc that its program interpreter belongs to.
        added = (*added, dirname(interpreter))
    if not added:
        return None
    own = [
        entry
        for entry in (file.runpath if file.runpath is not None else file.rpath or ())
        if ORIGIN_ENTRY.fullmatch(entry) or entry.startswith(f"{platform.store}/")
    ]
    tag = "RPATH" if file.runpath is None else "RUNPATH"
    search_path = tuple(dict.fromkeys((*own, *added)))
    return Patch(file.path, tag, search_path, added, interpreter, resolved)
