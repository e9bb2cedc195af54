"""Read which libraries an ELF file needs, and where it looks for them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MAGIC = b"\x7fELF"
# Files with these suffixes are skipped without opening them.
NON_ELF_SUFFIXES = (".py", ".pyc", ".pyi", ".txt", ".json", ".h")


@dataclass(frozen=True)
class Elf:
    """A dynamically linked file.

    `path` is relative to the root of its tree, the rest is from its dynamic section. `rpath` and
    `runpath` are None if the file has no such entry; `interpreter` is the program interpreter, None
    for a library.
    """

    path: str
    machine: str
    needed: tuple[str, ...]
    soname: str | None
    rpath: tuple[str, ...] | None
    runpath: tuple[str, ...] | None
    interpreter: str | None


def elf_files(tree: Path) -> Iterator[str]:
    """Yield the paths of the files that begin as ELF files do, relative to `tree`, sorted."""
    for folder, folders, names in os.walk(tree):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not os.path.islink(path) and is_elf(path):
                yield os.path.relpath(path, tree)


def is_elf(path: str) -> bool:
    """Return whether a file begins as ELF files do; many are not even opened."""
    if path.endswith(NON_ELF_SUFFIXES):
        return False
    with open(path, "rb") as file:
        return file.read(4) == MAGIC


def read_elf(file: Path, path: str) -> Elf | None:
    """Return the dynamic section of an ELF file; None for a static, relocatable or damaged one."""
    with file.open("rb") as stream:
        return parse_elf(stream, path)


def parse_elf(stream: IO[bytes], path: str) -> Elf | None:
    """Return the same of an open file that can be sought in."""
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    try:
        elf = ELFFile(stream)
        segments = list(elf.iter_segments())
        dynamic = next((s for s in segments if isinstance(s, DynamicSegment)), None)
        if dynamic is None:
            return None
        interpreter = next((s for s in segments if isinstance(s, InterpSegment)), None)
        tags = list(dynamic.iter_tags())

        def values(tag: str, attribute: str) -> list[str]:
            return [str(getattr(t, attribute)) for t in tags if t.entry.d_tag == tag]

        def path_list(tag: str, attribute: str) -> tuple[str, ...] | None:
            entries = values(tag, attribute)
            return tuple(filter(None, ":".join(entries).split(":"))) if entries else None

        return Elf(
            path=path,
            machine=elf.get_machine_arch(),
            needed=tuple(values("DT_NEEDED", "needed")),
            soname=next(iter(values("DT_SONAME", "soname")), None),
            rpath=path_list("DT_RPATH", "rpath"),
            runpath=path_list("DT_RUNPATH", "runpath"),
            interpreter=None if interpreter is None else interpreter.get_interp_name(),
        )
    # A damaged file sends the reader to any offset, so it may raise any error.
    except Exception:
        return None
