"""The file that is written: whole or not at all; and what an earlier run left in it."""

import errno
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import yaml

from lock.errors import UsageError
from lock.models.target import SYSTEMS as KNOWN_SYSTEMS
from lock.models.target import check_floor

# The key of the canonical style with what is below it.
SYSTEMS = re.compile(r"^systems:\n(?: .*\n)+", re.MULTILINE)


def check_kind(file: Path) -> None:
    """Raises UsageError when what is there is no file, so that nothing waits for it to be read."""
    if file.exists() and not file.is_file():
        raise UsageError(f"{file}: not a regular file; name the sources file to write")


def check(file: Path) -> None:
    """Raises UsageError when a file can't be written here, so that nothing is resolved in vain."""
    check_kind(file)
    target = Path(os.path.realpath(file))
    if not target.parent.is_dir():
        raise UsageError(f"{file}: there is no folder {target.parent}; make it first")
    if not os.access(target.parent, os.W_OK):
        raise UsageError(f"{file}: the folder {target.parent} is read-only; name another file")
    # Its folder alone would let it be replaced, but whoever sealed it doesn't want that.
    if target.exists() and not os.access(target, os.W_OK):
        raise UsageError(f"{file}: the file is read-only; make it writable or name another one")


def check_apart(file: Path, source: Path, what: str = "requirements stand") -> None:
    """Raises UsageError when the file to write is the one that is read, under whatever name."""
    if os.path.realpath(file) == os.path.realpath(source):
        raise UsageError(f"{file}: the {what} in this file; name another one to write")


def write(texts: Mapping[Path, str]) -> None:
    """Replaces files, each in one step and none before all are on the disk; their modes stay.

    A link stays, and its target is replaced. Raises OSError, which names the file; the old files
    are then as they were, unless a folder has come to refuse what it took a moment before.
    """
    with ExitStack() as staged:
        steps = []
        for file, text in texts.items():
            target, data = Path(os.path.realpath(file)), text.encode("utf-8")
            with _naming(file):
                if not _holds(target, data):
                    steps.append((staged.enter_context(_staged(target, data)), target, file))
        for scratch, target, file in steps:
            with _naming(file):
                scratch.replace(target)


@contextmanager
def _naming(file: Path) -> Iterator[None]:
    """Makes an OSError name a file: that of a full disk names none, others the one beside it."""
    try:
        yield
    except OSError as error:
        told = error.strerror
        if error.errno == errno.EBUSY:
            told = (
                "the file is mounted by itself, so that no other can take its place; mount its "
                "folder instead, or name another file"
            )
        raise OSError(error.errno, told, os.fspath(file)) from None


def holds(file: Path, text: str) -> bool:
    """Whether a file is there and has this text."""
    return file.is_file() and _holds(file, text.encode("utf-8"))


def _holds(target: Path, data: bytes) -> bool:
    return target.exists() and target.read_bytes() == data


@contextmanager
def _staged(target: Path, data: bytes) -> Iterator[Path]:
    """A file beside the target with what it is to hold; it is removed if it isn't moved there."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    scratch = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            os.fchmod(stream.fileno(), _mode(target))
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)


def _mode(target: Path) -> int:
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def read_python(file: Path) -> str | None:
    """The version of Python in an existing sources file, as text; None if it can't be told."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # The key stands at the top level in the canonical style and in files that Makes wrote.
    match = re.search(r"""^["']?python["']?:[ ]*(["']?)([\w.]+)\1[ ]*$""", text, re.MULTILINE)
    return match[2] if match else _read_any_yaml(text)


def _read_any_yaml(text: str) -> str | None:
    """The value of `python`, as it was written, in a lock of another style, such as JSON."""
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    found = data.get("python") if isinstance(data, dict) else None
    return found if isinstance(found, str) else None


def read_systems(file: Path) -> dict[str, dict[str, str]]:
    """The systems of an existing lock, with the oldest platform of each; none if there are none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = SYSTEMS.search(text)
    try:
        data = yaml.load(found[0], Loader=yaml.BaseLoader) if found else None
    except (yaml.YAMLError, RecursionError):
        return {}
    listed = data["systems"] if isinstance(data, dict) else None
    if not isinstance(listed, dict):
        return {}
    return {
        system: floor
        for system, floor in listed.items()
        if system in KNOWN_SYSTEMS and isinstance(floor, dict) and _are_floors(floor)
    }


def _are_floors(floor: Mapping[str, str]) -> bool:
    try:
        return all(check_floor(kind, version) == version for kind, version in floor.items())
    except (KeyError, TypeError, UsageError):
        return False
