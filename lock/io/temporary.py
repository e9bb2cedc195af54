"""The temporary folder of a run."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lock.errors import UsageError

# The disk is full, or the user's quota.
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Create a temporary folder, and remove it when the context is left.

    Raises UsageError if the work in it fails because the disk is full.
    """
    # Where one thread fails, another may still write files.
    with tempfile.TemporaryDirectory(prefix="wheelhouse-lock-", ignore_cleanup_errors=True) as name:
        folder, ended = Path(name, "run"), Path(name, "ended")
        folder.mkdir()
        try:
            yield folder
        except OSError as error:
            if error.errno not in FULL:
                raise
            raise _full(name) from None
        except UsageError as error:
            # On a full disk uv can't write its own message.
            if os.statvfs(name).f_bavail and not _tells_full(str(error), name):
                raise
            raise _full(name) from None
        finally:
            # A folder that gets new files can't be removed; under another name it gets none.
            folder.rename(ended)


def _tells_full(message: str, name: str) -> bool:
    return name in message and os.strerror(errno.ENOSPC) in message


def _full(name: str) -> UsageError:
    parent = Path(name).parent
    return UsageError(f"{parent}: no space is left on the disk; free some, or set TMPDIR")
