"""Which native libraries a tree lacks, and which of its files have to be changed for them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

from builder.elf import Elf

# The libraries of the libc itself come with every interpreter, through its own loader.
LIBC = re.compile(
    r"(ld-linux.*|ld-musl-\w+|libc\.musl-\w+|libc|libm|libmvec|libpthread|libdl|librt|libutil"
    r"|libresolv|libanl|libBrokenLocale|libthread_db|libnss_\w+)\.so\.\d+"
)
# The libraries of a driver must be those of the running system's kernel.
DRIVER = re.compile(
    r"lib(cuda|nvcuvid|nvoptix|nvidia-[\w-]+|GLX_nvidia|EGL_nvidia|amdcuda|ze_intel_gpu)\.so(\.\d+)*"
)

# What is there for others to load; an extension module is loaded by its own package.
SHARED = re.compile(r"lib.+\.so(\.[\w.-]+)?")
ORIGIN = re.compile(r"\$(?:ORIGIN|\{ORIGIN\})(?P<rest>(?:/.*)?)")


@dataclass(frozen=True)
class Library:
    """A folder of shared libraries, and the attribute of the package set that has it."""

    attribute: str
    directory: str
    names: frozenset[str]


@dataclass(frozen=True)
class Met:
    """A library that a file needs, and the attribute of the package set that has it."""

    soname: str
    attribute: str


@dataclass(frozen=True)
class Patch:
    """What changes in a file: the folders added to its search path, its interpreter if any.

    `met` are the needs that the folders are for.
    """

    path: str
    tag: str
    search: tuple[str, ...]
    added: tuple[str, ...]
    interpreter: str | None
    met: tuple[Met, ...]


@dataclass(frozen=True)
class Reach:
    """A file that depends on what other packages of its environment bring.

    `path` and `directories`, where it looks, are paths from the prefix of an environment;
    `sonames` are the needs that neither its package nor a given library meets.
    """

    path: str
    directories: tuple[str, ...]
    sonames: tuple[str, ...]


@dataclass(frozen=True)
class Platform:
    """What the interpreter runs on, and where things lie.

    `machine` is the interpreter's; files for others are left alone. `loader` is its program
    interpreter, set in programs that a wheel brings. `store` is the folder whose absolute paths
    may stay in a file.
    """

    machine: str
    loader: str | None
    driver_path: str
    store: str


@dataclass(frozen=True)
class Plan:
    """The files to change, and those that depend on other packages."""

    patches: tuple[Patch, ...]
    reaches: tuple[Reach, ...]


def plan(
    files: Sequence[Elf], paths: Iterable[str], libraries: Sequence[Library], platform: Platform
) -> Plan:
    """Decide for each ELF file of a tree what it lacks.

    `paths` are those of all ELF files of the tree: a library that lies anywhere in it is the
    package's own affair (its `$ORIGIN` entries, or an earlier import, find it).
    """
    paths = list(paths)
    own = {*map(basename, paths), *(file.soname for file in files if file.soname)}
    folders = native_folders(paths)
    patches: list[Patch] = []
    reaches: list[Reach] = []
    for file in files:
        if file.machine != platform.machine:
            continue
        added, met, missing = needs(file, own, libraries, platform.driver_path)
        # A folder of the package's own may be another's, too, and hold there what is missing.
        directories = reached(file, frozenset() if missing else folders)
        if directories or missing:
            reaches.append(Reach(installed(file.path), directories, missing))
        patch = make_patch(file, added, met, platform)
        if patch is not None:
            patches.append(patch)
    return Plan(tuple(patches), tuple(reaches))


def needs(
    file: Elf, own: set[str], libraries: Sequence[Library], driver_path: str
) -> tuple[tuple[str, ...], tuple[Met, ...], tuple[str, ...]]:
    """Folders that have what a file needs from outside, what they are for, and the other needs."""
    added: list[str] = []
    met: list[Met] = []
    missing: list[str] = []
    for soname in dict.fromkeys(file.needed):
        if soname in own or LIBC.fullmatch(soname):
            continue
        if DRIVER.fullmatch(soname):
            found: Library | None = Library("the driver", driver_path, frozenset())
        else:
            found = provider(soname, libraries)
        if found is None:
            missing.append(soname)
        else:
            added.append(found.directory)
            met.append(Met(soname, found.attribute))
    return tuple(dict.fromkeys(added)), tuple(met), tuple(missing)


def installed(path: str) -> str:
    """Where a file of an unpacked tree lies in an environment: its path from the prefix."""
    for folder, place in (("wheelhouse/data/", ""), ("wheelhouse/scripts/", "bin/")):
        if path.startswith(folder):
            return place + path.removeprefix(folder)
    return path


def native_folders(paths: Iterable[str]) -> frozenset[str]:
    """The folders with ELF files, from the prefix of an environment."""
    return frozenset(dirname(installed(path)) for path in paths)


def offered(files: Iterable[Elf]) -> frozenset[str]:
    """The names by which other packages may know the libraries of a tree."""
    names = {file.soname or basename(file.path) for file in files}
    return frozenset(name for name in names if SHARED.fullmatch(name))


def reached(file: Elf, folders: frozenset[str]) -> tuple[str, ...]:
    """The folders outside of its package, whose folders are given, that a file looks into."""
    origin = dirname(installed(file.path))
    entries = file.runpath if file.runpath is not None else file.rpath or ()
    targets = [
        normpath(f"{origin}/{match['rest']}")
        for match in map(ORIGIN.fullmatch, entries)
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


def provider(soname: str, libraries: Sequence[Library]) -> Library | None:
    """The first folder that has a library of this name."""
    return next((library for library in libraries if soname in library.names), None)


def make_patch(
    file: Elf, added: tuple[str, ...], met: tuple[Met, ...], platform: Platform
) -> Patch | None:
    """The change of one file: its own entries stay in front, in the tag that it has.

    A file without a search path gets an RPATH: one with a RUNPATH would ignore every RPATH above
    it, the interpreter's included (ld.so(8)). Folders of the machine that built the wheel go.
    """
    interpreter = platform.loader if file.interpreter is not None else None
    if interpreter is not None:
        # A program that a wheel brings finds glibc beside its loader.
        added = (*added, dirname(interpreter))
    if not added:
        return None
    own = [
        entry
        for entry in (file.runpath if file.runpath is not None else file.rpath or ())
        if ORIGIN.fullmatch(entry) or entry.startswith(f"{platform.store}/")
    ]
    tag = "RPATH" if file.runpath is None else "RUNPATH"
    search = tuple(dict.fromkeys((*own, *added)))
    return Patch(file.path, tag, search, added, interpreter, met)
