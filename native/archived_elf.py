"""Read the ELF files of an archive."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO

from native.elf import MAGIC, NON_ELF_SUFFIXES, Elf, parse_elf

# Files of more bytes are unpacked to the disk.
IN_MEMORY = 1 << 26


def archived_elf_files(
    archive: zipfile.ZipFile, names: Iterable[str], skipped: tuple[str, ...] = NON_ELF_SUFFIXES
) -> Iterator[Elf]:
    """Yield the dynamic sections of those files of an archive that have one.

    Files with a `skipped` suffix aren't opened. Raises what reading the archive raises.
    """
    for name in names:
        if name.endswith(skipped):
            continue
        with archive.open(name) as stream:
            is_elf = stream.read(len(MAGIC)) == MAGIC
        if is_elf:
            with _whole(archive, name) as file:
                found = parse_elf(file, name)
            if found is not None:
                yield found


@contextmanager
def _whole(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    """Give a file that can be sought in; an entry would be unpacked again and again."""
    if archive.getinfo(name).file_size <= IN_MEMORY:
        yield BytesIO(archive.read(name))
        return
    with tempfile.TemporaryFile() as file, archive.open(name) as stream:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.seek(0)
        yield file
