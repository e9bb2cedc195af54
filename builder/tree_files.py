"""List and hash the files of a tree that other programs have written to."""

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from builder.record import Entry

BYTECODE_FOLDER = "__pycache__"


def tree_files(tree: Path) -> Iterator[str]:
    """Yield the paths of the files of a tree, relative to it, sorted folder by folder.

    Links count as what they lead to, but a link to a folder that it lies in is left out, and so are
    bytecode and links that lead nowhere. There are none where `tree` doesn't exist.
    """
    if tree.is_dir():
        yield from _files_below(os.fspath(tree), "", ())


def _files_below(folder: str, prefix: str, parents: tuple[str, ...]) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in parents:
        return
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            if name != BYTECODE_FOLDER:
                yield from _files_below(path, f"{prefix}{name}/", (*parents, real))
        elif os.path.isfile(path):
            yield f"{prefix}{name}"


def tree_links(tree: Path) -> Iterator[str]:
    """Yield the paths of all symbolic links, relative to `tree`."""
    for parent, folders, names in os.walk(tree):
        for name in (*folders, *names):
            path = os.path.join(parent, name)
            if os.path.islink(path):
                yield os.path.relpath(path, tree)


def file_entry(tree: Path, path: str) -> Entry:
    """Return the entry of RECORD for a file, `path` being relative to `tree`."""
    with (tree / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        size = file.tell()
    text = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return Entry(path, f"sha256={text}", size)


def tree_entries(tree: Path) -> list[Entry]:
    """Return the entries of RECORD for all files of a tree; none where there is no such folder."""
    return [file_entry(tree, path) for path in tree_files(tree)]
