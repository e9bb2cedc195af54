"""Beginnings of files in the user's cache, which a later run goes on with."""

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Seconds after which a beginning that no run wants is removed.
LONGEST_LIFE = 14 * 24 * 3600
# What file systems say that lock no folders, such as those of a network.
LOCKLESS = (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


@dataclass(frozen=True)
class Part:
    """A folder for one file, which no other run changes until it is left."""

    folder: Path
    handle: int
    # Whether another run had it before.
    waited: bool

    def remove(self) -> None:
        """Remove it with its file."""
        # From here on another run may have made it again.
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.handle)

    def leave(self) -> None:
        """Let other runs have it; without a file it goes."""
        with suppress(OSError):
            self.folder.rmdir()
        os.close(self.handle)


class Parts:
    """A folder of such folders, by the sha256 that the files will have."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, sha256: str) -> Part:
        """Return the folder of a file, once no other run has it. Raises OSError."""
        folder = self.folder / sha256
        waited = False
        while True:
            folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                if not _locked(handle):
                    waited = True
                    fcntl.flock(handle, fcntl.LOCK_EX)
                # The other run may have removed it, and a third one made it again.
                if _is_same(folder, handle):
                    return Part(folder, handle, waited)
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)

    def clear(self, wanted: Collection[str], finished: Collection[str]) -> None:
        """Remove what dead runs left: of files that are `finished`, and after two weeks.

        `wanted` are the hashes of the files that are to be fetched now. What can't be read or
        removed stays.
        """
        oldest = time.time() - LONGEST_LIFE
        for folder in [*self.folder.iterdir()] if self.folder.is_dir() else []:
            with suppress(OSError):
                if folder.name not in wanted and (
                    folder.name in finished or _newest_time(folder) < oldest
                ):
                    self.take(folder.name).remove()

    def close(self) -> None:
        """Remove the folder if it is empty."""
        with suppress(OSError):
            self.folder.rmdir()


def _locked(handle: int) -> bool:
    """Lock a folder; return False where another run has it."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # Of two runs at once that write to one file, one fails by its hash; the next run mends it.
        if error.errno not in LOCKLESS:
            raise
    return True


def _is_same(folder: Path, handle: int) -> bool:
    try:
        return os.path.samestat(folder.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _newest_time(folder: Path) -> float:
    """Return when something in a folder was last written; 0 for an empty one."""
    return max((file.stat().st_mtime for file in folder.iterdir()), default=0)
