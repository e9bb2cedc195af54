"""Which native libraries a tree lacks, and which of its files have to be changed for them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename

from builder.elf import Elf

# The libraries of glibc itself come with every interpreter, through its own loader.
LIBC = re.compile(
    r"(ld-linux.*|libc|libm|libmvec|libpthread|libdl|librt|libutil|libresolv|libanl"
    r"|libBrokenLocale|libthread_db|libnss_\w+)\.so\.\d+"
)
# The libraries of a driver must be those of the running system's kernel.
DRIVER = re.compile(
    r"lib(cuda|nvcuvid|nvoptix|nvidia-[\w-]+|GLX_nvidia|EGL_nvidia|amdcuda|ze_intel_gpu)\.so(\.\d+)*"
)


@dataclass(frozen=True)
class Library:
    """A folder of shared libraries, and the attribute of the package set that has it."""

    attribute: str
    directory: str
    names: frozenset[str]


@dataclass(frozen=True)
class Unmet:
    """A library that `path` needs and nothing provides."""

    path: str
    soname: str


@dataclass(frozen=True)
class Patch:
    """What changes in a file: the folders added to its search path, its interpreter if any."""

    path: str
    tag: str
    search: tuple[str, ...]
    added: tuple[str, ...]
    interpreter: str | None


@dataclass(frozen=True)
class Plan:
    """The files to change, and the needs that stay unmet."""

    patches: tuple[Patch, ...]
    unmet: tuple[Unmet, ...]


def plan(
    files: Sequence[Elf],
    names: Iterable[str],
    libraries: Sequence[Library],
    machine: str,
    loader: str | None,
    driver_path: str,
) -> Plan:
    """Decide for each ELF file of a tree what it lacks.

    `names` are the base names of all files of the tree: a library that lies anywhere in it is the
    package's own affair (its `$ORIGIN` entries, or an earlier import, find it). `machine` is the
    interpreter's; files for others are left alone. `loader` is the interpreter's program
    interpreter, set in programs that a wheel brings.
    """
    own = {*names, *(file.soname for file in files if file.soname)}
    patches: list[Patch] = []
    unmet: list[Unmet] = []
    for file in files:
        if file.machine != machine:
            continue
        added: list[str] = []
        for soname in file.needed:
            if soname in own or LIBC.fullmatch(soname):
                continue
            if DRIVER.fullmatch(soname):
                added.append(driver_path)
                continue
            directory = provider(soname, libraries)
            if directory is None:
                unmet.append(Unmet(file.path, soname))
            else:
                added.append(directory)
        interpreter = loader if file.interpreter is not None else None
        patch = make_patch(file, tuple(dict.fromkeys(added)), interpreter)
        if patch is not None:
            patches.append(patch)
    return Plan(tuple(patches), tuple(unmet))


def provider(soname: str, libraries: Sequence[Library]) -> str | None:
    """The first folder that has a library of this name."""
    return next((lib.directory for lib in libraries if soname in lib.names), None)


def make_patch(file: Elf, added: tuple[str, ...], interpreter: str | None) -> Patch | None:
    """The change of one file: its own entries stay in front, in the tag that it has.

    A file without a search path gets an RPATH: one with a RUNPATH would ignore every RPATH above
    it, the interpreter's included (ld.so(8)).
    """
    if interpreter is not None:
        # A program that a wheel brings finds glibc beside its loader.
        added = (*added, interpreter.rpartition("/")[0])
    if not added:
        return None
    own = file.runpath if file.runpath is not None else file.rpath or ()
    tag = "RPATH" if file.runpath is None else "RUNPATH"
    search = tuple(dict.fromkeys((*own, *added)))
    return Patch(file.path, tag, search, added, interpreter)


def describe_unmet(unmet: Sequence[Unmet], package: str, hints: Mapping[str, str]) -> str:
    """The lines for the build log: package, file, soname and where a library may be had."""
    width = max(len(item.path) for item in unmet)
    return "\n".join(
        [
            f"{package}: no library was given that has",
            *(
                f"  {item.path:<{width}}  {item.soname}"
                + (f"  (nixpkgs: {hints[item.soname]})" if item.soname in hints else "")
                for item in unmet
            ),
            "  add the package that has it to searchPaths.rpath",
        ]
    )


def base_names(paths: Iterable[str]) -> set[str]:
    """The last components of paths."""
    return {basename(path) for path in paths}
