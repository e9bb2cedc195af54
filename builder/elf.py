"""What an ELF file says of the libraries that it needs."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"\x7fELF"
# Told by their names, these need not be opened.
NEVER_ELF = (".py", ".pyc", ".pyi", ".txt", ".json", ".h")


@dataclass(frozen=True)
class Elf:
    """A dynamically linked file: `path` from the tree's root, the rest from its dynamic section.

    `rpath` and `runpath` are None where the entry is absent; `interpreter` is that of a program.
    """

    path: str
    machine: str
    needed: tuple[str, ...]
    soname: str | None
    rpath: tuple[str, ...] | None
    runpath: tuple[str, ...] | None
    interpreter: str | None


def elf_files(tree: Path) -> Iterator[str]:
    """The files below `tree` that begin as ELF files do, as paths from `tree`, sorted."""
    for folder, folders, names in os.walk(tree):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith(NEVER_ELF) or os.path.islink(path):
                continue
            with open(path, "rb") as file:
                if file.read(4) == MAGIC:
                    yield os.path.relpath(path, tree)


def read_elf(file: Path, path: str) -> Elf | None:
    """The dynamic section of an ELF file; None for a static, relocatable or damaged one."""
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    with file.open("rb") as stream:
        try:
            elf = ELFFile(stream)
            segments = list(elf.iter_segments())
            dynamic = next((s for s in segments if isinstance(s, DynamicSegment)), None)
            if dynamic is None:
                return None
            interpreter = next((s for s in segments if isinstance(s, InterpSegment)), None)
            tags = list(dynamic.iter_tags())

            def texts(tag: str, attribute: str) -> list[str]:
                return [str(getattr(t, attribute)) for t in tags if t.entry.d_tag == tag]

            def path_list(tag: str, attribute: str) -> tuple[str, ...] | None:
                found = texts(tag, attribute)
                return tuple(filter(None, ":".join(found).split(":"))) if found else None

            return Elf(
                path=path,
                machine=elf.get_machine_arch(),
                needed=tuple(texts("DT_NEEDED", "needed")),
                soname=next(iter(texts("DT_SONAME", "soname")), None),
                rpath=path_list("DT_RPATH", "rpath"),
                runpath=path_list("DT_RUNPATH", "runpath"),
                interpreter=None if interpreter is None else interpreter.get_interp_name(),
            )
        # What a damaged file makes the reader raise is no closed set: offsets lead anywhere.
        except Exception:
            return None
