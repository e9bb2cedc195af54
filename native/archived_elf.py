"""Read the ELF files of an archive."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
            if stream.read(len(MAGIC)) != MAGIC:
                continue
            # An archive's entry can't be sought in without unpacking it again and again.
            with _whole(stream, archive.getinfo(name).file_size) as file:
                found = parse_elf(file, name)
        if found is not None:
            yield found


@contextmanager
def _whole(stream: IO[bytes], size: int) -> Iterator[IO[bytes]]:
    """Give a file with an ELF file's magic number and the rest of a stream."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        if size > IN_MEMORY:
            file.rollover()
        file.write(MAGIC)
        while block := stream.read(1 << 20):
            file.write(block)
        file.seek(0)
        yield file
