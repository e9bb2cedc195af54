"""Write store paths and further files as tar archives that depend on nothing but their content.

Times, owners and the order of entries are fixed, and modes are those that the store gives. What a
store path doesn't have in the archive format of Nix isn't written: two names of one file are two
files, since a store may link equal files to each other at any time. Long names are written as
POSIX.1-2001 has it (pax).
"""

import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

# As in the store; 0 would be a time that some programs take for "unknown".
TIME = 1
BLOCK = 512
# Two blocks of zeros end an archive.
END = bytes(2 * BLOCK)
CHUNK = 1024 * 1024
STORE = "nix/store"


@dataclass(frozen=True)
class Entry:
    """A member of an archive. It has the content of the file `source`, or else `content`."""

    name: str
    type: bytes
    mode: int
    size: int = 0
    target: str = ""
    source: str | None = None
    content: bytes = b""
    owner: tuple[int, int] = (0, 0)


def folder(name: str, mode: int = 0o755, owner: tuple[int, int] = (0, 0)) -> Entry:
    """Return the entry of a folder."""
    return Entry(name, tarfile.DIRTYPE, mode, owner=owner)


def link(name: str, target: str) -> Entry:
    """Return the entry of a symbolic link."""
    return Entry(name, tarfile.SYMTYPE, 0o777, target=target)


def file(name: str, content: bytes, mode: int = 0o644) -> Entry:
    """Return the entry of a file with some content."""
    return Entry(name, tarfile.REGTYPE, mode, size=len(content), content=content)


def store_entries(paths: Iterable[str]) -> Iterator[Entry]:
    """Yield the entries of store paths and of all that is below them, sorted."""
    yield folder("nix")
    yield folder(STORE)
    for path in sorted(set(paths)):
        yield from _entries_of(path, f"{STORE}/{os.path.basename(path)}")


def _entries_of(path: str, name: str) -> Iterator[Entry]:
    state = os.lstat(path)
    executable = state.st_mode & 0o100
    if os.path.islink(path):
        yield link(name, os.readlink(path))
    elif os.path.isdir(path):
        yield folder(name, 0o555)
        for child in sorted(os.listdir(path)):
            yield from _entries_of(f"{path}/{child}", f"{name}/{child}")
    else:
        mode = 0o555 if executable else 0o444
        yield Entry(name, tarfile.REGTYPE, mode, size=state.st_size, source=path)


def header(entry: Entry) -> bytes:
    """Return the blocks that stand before an entry's content."""
    info = tarfile.TarInfo(entry.name)
    info.type = entry.type
    info.mode = entry.mode
    info.size = entry.size
    info.linkname = entry.target
    info.mtime = TIME
    info.uid, info.gid = entry.owner
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def archive_size(entries: Iterable[Entry]) -> int:
    """Return how many bytes the archive of entries has. No file is read."""
    return sum(len(header(entry)) + entry.size + _padding(entry) for entry in entries) + len(END)


def write_archive(entries: Iterable[Entry], write: Callable[[bytes], object]) -> None:
    """Write the archive of entries, a piece at a time."""
    for entry in entries:
        write(header(entry))
        if entry.source is None:
            write(entry.content)
        else:
            with open(entry.source, "rb") as source:
                while chunk := source.read(CHUNK):
                    write(chunk)
        write(bytes(_padding(entry)))
    write(END)


def _padding(entry: Entry) -> int:
    return -entry.size % BLOCK
