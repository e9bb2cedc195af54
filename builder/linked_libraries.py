"""Keep the libraries that a build linked: a wheel is compressed, so Nix finds none of its paths.

A build links libraries that it got through others, which the package's own derivation doesn't name.
So their folders stand in a file beside the wheel.
"""

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from native.archived_elf import archived_elf_files
from native.elf import Elf
from native.needs import LIBC_LIBRARY

FILE_NAME = "linked-folders"
# A store path's name is a hash of 32 characters, a hyphen and a name.
HASH_LENGTH = 33


def write_linked_folders(wheel: Path, out: Path) -> None:
    """Write the folders, a line each, into `out`; no file where there are none."""
    folders = linked_folders(wheel, os.path.dirname(out))
    if folders:
        (out / FILE_NAME).write_text("".join(f"{folder}\n" for folder in folders), "utf-8")


def linked_folders(wheel: Path, store: str) -> list[str]:
    """Return the folders of a store where ELF files of a wheel find libraries, sorted."""
    found = set()
    for elf in _elf_files(wheel):
        needed = [soname for soname in elf.needed if not LIBC_LIBRARY.fullmatch(soname)]
        for folder in elf.runpath if elf.runpath is not None else elf.rpath or ():
            if folder.startswith(f"{store}/") and any(
                os.path.exists(os.path.join(folder, soname)) for soname in needed
            ):
                found.add(folder)
    return sorted(found)


def read_linked_folders(built: Path, store: str) -> list[tuple[str, str]]:
    """Return the folders beside the wheel of a build, each behind the name of its store path."""
    file = built / FILE_NAME
    if not file.is_file():
        return []
    folders = file.read_text("utf-8").splitlines()
    return [(os.path.relpath(path, store).split("/")[0][HASH_LENGTH:], path) for path in folders]


def _elf_files(wheel: Path) -> Iterator[Elf]:
    # Unpacking it tells what is wrong with one that is damaged.
    if zipfile.is_zipfile(wheel):
        with zipfile.ZipFile(wheel) as archive:
            yield from archived_elf_files(archive, archive.namelist())
