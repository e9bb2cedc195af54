"""What one wheel needs of others, and what it gives them."""

import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename
from typing import IO, Any

from native.elf import MAGIC, NON_ELF_SUFFIXES, Elf, parse_elf
from native.needs import exported_sonames, needed_sonames

# Files of more bytes are unpacked to the disk.
IN_MEMORY = 1 << 26
# Marker's names of machines → pyelftools' names.
MACHINES = {"aarch64": "AArch64", "x86_64": "x64"}


@dataclass(frozen=True)
class WheelNeeds:
    """The sonames that the files of a wheel need of others, and those of its own libraries."""

    needed: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON has."""
        return {"needed": sorted(self.needed), "given": sorted(self.given)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "WheelNeeds":
        """Return what `to_json` made. Raises KeyError or TypeError for anything else."""
        return cls(frozenset(data["needed"]), frozenset(data["given"]))


def read_wheel(path: Path | IO[bytes], machine: str) -> WheelNeeds:
    """Return what a wheel needs on a machine (PEP 508's name).

    Raises zipfile.BadZipFile and what reading an archive raises.
    """
    with zipfile.ZipFile(path) as wheel:
        names = [entry.filename for entry in wheel.infolist() if not entry.is_dir()]
        files = [file for file in _elf_files(wheel, names) if file.machine == MACHINES[machine]]
    return WheelNeeds(needed_sonames(files, {*map(basename, names)}), exported_sonames(files))


def _elf_files(wheel: zipfile.ZipFile, names: Sequence[str]) -> Iterator[Elf]:
    for name in names:
        if name.endswith(NON_ELF_SUFFIXES):
            continue
        with wheel.open(name) as stream:
            if stream.read(len(MAGIC)) != MAGIC:
                continue
            # An archive's entry can't be sought in without unpacking it again and again.
            with _whole(stream, wheel.getinfo(name).file_size) as file:
                found = parse_elf(file, name)
        if found is not None:
            yield found


def read_share(wheel: zipfile.ZipFile) -> int:
    """Return how many bytes of a wheel `read_wheel` reads."""
    return sum(
        entry.compress_size
        for entry in wheel.infolist()
        if not entry.filename.endswith(NON_ELF_SUFFIXES)
    )


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
