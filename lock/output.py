"""Writing a file whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from lock.errors import LockError


def write_atomically(file: Path, text: str) -> None:
    """Replace a file's content; on any failure, or an interruption, it stays as it was.

    A symbolic link stays one: the file that it names is replaced. The mode is kept.
    Raises LockError where the place can't be written.
    """
    real = Path(os.path.realpath(file))
    try:
        mode = real.stat().st_mode & 0o777 if real.exists() else 0o666 & ~_umask()
        descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
        try:
            with open(descriptor, "w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fchmod(stream.fileno(), mode)
                os.fsync(stream.fileno())
            os.replace(name, real)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        raise LockError(f"{file}: can't be written: {error.strerror}") from error


def check_writable(file: Path) -> None:
    """Raise LockError for a place that can't be written, before any work is done for it."""
    real = Path(os.path.realpath(file))
    if real.is_dir():
        raise LockError(f"{file}: is a folder; name the file to write")
    if not real.parent.is_dir():
        raise LockError(f"{file}: the folder {real.parent} does not exist; make it first")
    if not os.access(real.parent, os.W_OK):
        raise LockError(f"{file}: the folder {real.parent} can't be written")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
