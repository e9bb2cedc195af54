"""The local files and folders of a lock: their hashes, and paths relative to another folder."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from lock.errors import UsageError
from lock.lockfile.reader import Link, Lock
from lock.outputs.package_sources import is_file


def with_hashes(lock: Lock) -> Lock:
    """Return a lock with the sha256 and the size (bytes) of each local file added.

    Raises UsageError for a file that can't be read.
    """
    return replace(lock, links=tuple(_with_hash(link, lock.file) for link in lock.links))


def relative_to(folder: Path, lock: Lock) -> Lock:
    """Return a lock whose paths are relative to a folder, instead of the lock's own folder."""
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


def _with_hash(link: Link, lock: Path) -> Link:
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
