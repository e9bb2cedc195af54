"""The hashes of a lock's files on this machine, which Nix takes as they are."""

import hashlib
from dataclasses import replace
from pathlib import Path

from lock.errors import UsageError
from lock.locked import Link, Lock
from lock.outputs.places import is_file


def hashed(lock: Lock) -> Lock:
    """A lock that has the sha256 and the size of each of its files on this machine, too.

    Raises UsageError for a file that can't be read.
    """
    return replace(lock, links=tuple(_hashed(link, lock.file) for link in lock.links))


def _hashed(link: Link, lock: Path) -> Link:
    if not is_file(link):
        return link
    try:
        with (lock.parent / link.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return replace(link, sha256=digest, size=file.tell())
    except OSError as error:
        raise UsageError(
            f"{lock}: {link.package}: {link.path}: {error.strerror}; put it back, or lock again"
        ) from None
