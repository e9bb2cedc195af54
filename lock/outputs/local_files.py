"""The files and folders of a lock on this machine: their hashes, and the way to them."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from lock.errors import UsageError
from lock.lockfile.reader import Link, Lock
from lock.outputs.package_sources import is_file


def hashed(lock: Lock) -> Lock:
    """A lock that has the sha256 and the size of each of its files on this machine, too.

    Raises UsageError for a file that can't be read.
    """
    return replace(lock, links=tuple(_hashed(link, lock.file) for link in lock.links))


def seen_from(folder: Path, lock: Lock) -> Lock:
    """A lock whose paths lead from another folder to the same places."""
    return replace(
        lock,
        links=tuple(
            replace(
                link,
                path=os.path.relpath(lock.file.absolute().parent / link.path, folder.absolute()),
            )
            if link.path
            else link
            for link in lock.links
        ),
    )


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
