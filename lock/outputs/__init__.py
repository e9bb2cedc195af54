"""Export a lock to files of other formats; each format has a module here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from lock.errors import UsageError
from lock.lockfile.groups import check_single, restricted_to
from lock.lockfile.reader import Lock
from lock.outputs.local_files import relative_to, with_hashes


@dataclass(frozen=True)
class Format:
    """A format: the usual name of its files, and a title for users."""

    file: str
    title: str


# Name → format. The module of the same name has a function `render(lock)`.
FORMATS: Mapping[str, Format] = {
    "pylock": Format("pylock.toml", "pylock.toml (PEP 751)"),
    "requirements": Format("requirements.txt", "requirements.txt with hashes"),
    "cyclonedx": Format("sbom.cdx.json", "bill of materials (CycloneDX 1.6, JSON)"),
}


def render(
    lock: Lock, name: str, groups: Collection[str] | None = None, folder: Path | None = None
) -> str:
    """Return the text of a lock in the named format; with `groups`, only of what these need.

    Paths in it are relative to `folder`, by default to the lock's. Local files are read, to hash
    them.

    Raises UsageError for an unknown format or group, for a missing local file, and for a lock that
    the format can't express.
    """
    if name not in FORMATS:
        raise UsageError(f'"{name}" is no format; {", ".join(FORMATS)} are')
    if groups is not None:
        lock = restricted_to(lock, groups)
    check_single(lock)
    # Imported here, so that only the libraries of this format are loaded.
    module = import_module(f"lock.outputs.{name}")
    lock = with_hashes(lock)
    if folder:
        lock = relative_to(folder, lock)
    return cast(Callable[[Lock], str], module.render)(lock)
