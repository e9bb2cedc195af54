"""Compute the hash that Nix gives a file tree."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def nar_hash(root: Path) -> str:
    """Return the SRI sha256 of the tree's Nix archive (the thesis of E. Dolstra, figure 5.2).

    The same as `nix hash path`: names, contents, symlink targets and the owner's executable bit
    count; times, owners and hard links do not.
    """
    digest = hashlib.sha256()
    _write(digest, b"nix-archive-1")
    _dump(digest, os.fspath(root))
    return "sha256-" + base64.b64encode(digest.digest()).decode()


def _write(digest: hashlib._Hash, *strings: bytes) -> None:
    for string in strings:
        digest.update(len(string).to_bytes(8, "little") + string + b"\0" * (-len(string) % 8))


def _dump(digest: hashlib._Hash, path: str) -> None:
    status = os.lstat(path)
    _write(digest, b"(", b"type")
    if stat.S_ISLNK(status.st_mode):
        _write(digest, b"symlink", b"target", os.fsencode(os.readlink(path)))  # noqa: PTH115
    elif stat.S_ISDIR(status.st_mode):
        _write(digest, b"directory")
        for name in sorted(os.listdir(path), key=os.fsencode):  # noqa: PTH208
            _write(digest, b"entry", b"(", b"name", os.fsencode(name), b"node")
            _dump(digest, os.path.join(path, name))  # noqa: PTH118
            _write(digest, b")")
    else:
        _write(digest, b"regular")
        if status.st_mode & stat.S_IXUSR:
            _write(digest, b"executable", b"")
        with open(path, "rb") as file:  # noqa: PTH123
            _write(digest, b"contents", file.read())
    _write(digest, b")")
