"""Files that are written whole or not at all."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from lock.errors import UsageError
from lock.io import signals


def check_regular(file: Path) -> None:
    """Raise UsageError where a path exists and is no regular file: reading it might never end."""
    if file.exists() and not file.is_file():
        raise UsageError(f"{file}: not a regular file; name the sources file to write")


def check_writable(file: Path) -> None:
    """Raise UsageError where a file can't be written, before any work is done for it."""
    check_regular(file)
    target = Path(os.path.realpath(file))
    if not target.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {target.parent}; make it first")
    if not os.access(target.parent, os.W_OK):
        raise UsageError(f"{file}: the folder {target.parent} is read-only; name another file")
    # A writable folder would let it be replaced, but its owner has made it read-only on purpose.
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"{file}: the file is read-only; make it writable or name another one")


def check_distinct(file: Path, source: Path, content: str = "requirements stand") -> None:
    """Raise UsageError where the file to write is the one that is read, under whatever name."""
    if os.path.realpath(file) == os.path.realpath(source):
        raise UsageError(f"{file}: the {content} in this file; name another one to write")


def cache_folder(name: str, environment: Mapping[str, str]) -> Path:
    """Return the folder of that name in the user's cache; it needn't exist."""
    return (user_cache_folder(environment) or Path("/.cache")) / "wheelhouse" / name


def user_cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of the user's caches; None where the environment names none.

    A relative XDG_CACHE_HOME is ignored, as the XDG Base Directory Specification demands.
    """
    cache, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME")
    if Path(cache).is_absolute():
        return Path(cache)
    return Path(home, ".cache") if home else None


def create_in_cache(folder: Path) -> None:
    """Create a folder of the user's cache. Raises UsageError where it can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}; set XDG_CACHE_HOME to a folder that can be written"
        ) from None
    if not os.access(folder, os.W_OK):
        raise UsageError(
            f"{folder}: the folder is read-only; set XDG_CACHE_HOME to one that can be written"
        )


# What this run has replaced so far, for what an interrupted one says.
replaced: list[Path] = []


def write(texts: Mapping[Path, str]) -> None:
    """Replace files, each in one step and none before all are on the disk; their modes stay.

    A symbolic link stays, and its target is replaced. Signals wait while files are replaced. Raises
    OSError, which names the file; the old files are then as they were, unless a folder became
    read-only in the meantime.
    """
    with ExitStack() as staged:
        steps = []
        for file, text in texts.items():
            target, data = Path(os.path.realpath(file)), text.encode("utf-8")
            with _naming(file):
                if not _has_content(target, data):
                    steps.append((staged.enter_context(_staged(target, data)), target, file))
        with signals.deferred():
            for temporary, target, file in steps:
                with _naming(file):
                    temporary.replace(target)
                replaced.append(file)


def has_text(file: Path, text: str) -> bool:
    """Return whether a file exists and has this text."""
    return file.is_file() and _has_content(file, text.encode("utf-8"))


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Let an OSError name the file: that of a full disk names none, others the temporary one."""
    try:
        yield
    except OSError as error:
        message = error.strerror
        if error.errno == errno.EBUSY:
            message = (
                "the file is mounted by itself, so that no other can take its place; mount its "
                "folder instead, or name another file"
            )
        raise OSError(error.errno, message, os.fspath(file)) from None


def _has_content(target: Path, data: bytes) -> bool:
    return target.exists() and target.read_bytes() == data


@contextmanager
def _staged(target: Path, data: bytes) -> Iterator[Path]:
    """Write a temporary file beside the target; remove it unless it is moved."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), _mode(target))
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
