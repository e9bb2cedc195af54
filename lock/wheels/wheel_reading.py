"""Reads what a wheel needs of the system."""

import zipfile
from collections.abc import Sequence
from posixpath import basename

from lock.wheels.mentioned_modules import mentioned_modules
from lock.wheels.wheel_needs import NativeFile, WheelNeeds
from native.archived_elf import archived_elf_files
from native.elf import NON_ELF_SUFFIXES, Elf
from native.module_imports import may_be_imported
from native.needs import is_loaded_by_itself, is_plugin, is_promised
from native.opened import python_needs

# Of these, too, wheels have thousands, and opening one costs more than reading its first bytes.
DATA_SUFFIXES = (
    *(".c", ".css", ".csv", ".gz", ".html", ".js", ".md", ".mo", ".png", ".po", ".pxd", ".pyx"),
    *(".rst", ".svg", ".ts", ".ttf", ".typed", ".woff", ".woff2"),
)
SKIPPED = (*NON_ELF_SUFFIXES, *DATA_SUFFIXES)
# What Python code that opens a library by its path has.
OPENING = (b"CDLL", b"LoadLibrary", b"dlopen")
# Marker's names of machines → pyelftools' names.
MACHINES = {
    "aarch64": "AArch64",
    "armv7l": "ARM",
    "i686": "x86",
    "ppc64le": "64-bit PowerPC",
    "riscv64": "RISC-V",
    "s390x": "IBM S/390",
    "x86_64": "x64",
}


def read_wheel(wheel: zipfile.ZipFile, machine: str) -> WheelNeeds:
    """Return what a wheel needs on a machine (PEP 508's name); raises what reading it raises."""
    names = [entry.filename for entry in wheel.infolist() if not entry.is_dir()]
    sources = read_sources(wheel)
    files = archived_elf_files(wheel, names, SKIPPED)
    elves = [elf for elf in files if elf.machine == MACHINES[machine]]
    others = [name for name in names if name not in sources]
    # Looked at only where there is a library that may be opened.
    opens = bool(elves) and any(mark in source for source in sources.values() for mark in OPENING)
    return WheelNeeds(
        tuple(_native_file(elf, elves, opens=opens) for elf in elves),
        python_needs(sources, others),
        mentioned_modules(sources.values()),
    )


def read_sources(wheel: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the Python sources of a wheel by path; those that no program imports are empty."""
    return {
        name: wheel.read(name) if may_be_imported(name) else b""
        for name in wheel.namelist()
        if name.endswith(".py")
    }


def read_share(wheel: zipfile.ZipFile) -> int:
    """Return how many bytes of a wheel `read_wheel` reads."""
    skipped = tuple(suffix for suffix in SKIPPED if suffix != ".py")
    return sum(
        entry.compress_size for entry in wheel.infolist() if not entry.filename.endswith(skipped)
    )


def _native_file(elf: Elf, elves: Sequence[Elf], *, opens: bool) -> NativeFile:
    """Return an ELF file among those of its wheel; `opens` says that its code opens libraries."""
    needed = tuple(soname for soname in dict.fromkeys(elf.needed) if not is_promised(soname))
    names = tuple(dict.fromkeys((basename(elf.path), *([elf.soname] if elf.soname else []))))
    is_loaded = is_loaded_by_itself(elf)
    if opens and needed and not (is_loaded or is_plugin(elf.path)):
        is_loaded = not any(not {*names}.isdisjoint(other.needed) for other in elves)
    return NativeFile(names, needed, is_loaded)
