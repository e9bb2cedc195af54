"""The files that a lock can be turned into: one module a format, and one way in."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from lock.errors import UsageError
from lock.lockfile.groups import restricted_to
from lock.lockfile.reader import Lock
from lock.outputs.local_files import hashed, seen_from


@dataclass(frozen=True)
class Format:
    """A format: the file that it usually stands in, and what it is, in a few words."""

    file: str
    title: str


# Name → format; the module of the same name has its `render`.
FORMATS: Mapping[str, Format] = {
    "pylock": Format("pylock.toml", "pylock.toml (PEP 751)"),
    "requirements": Format("requirements.txt", "requirements.txt with hashes"),
    "cyclonedx": Format("sbom.cdx.json", "bill of materials (CycloneDX 1.6, JSON)"),
}


def render(
    lock: Lock, name: str, groups: Collection[str] | None = None, folder: Path | None = None
) -> str:
    """The text of a lock in the format of a name; with `groups`, only of what these need.

    Paths in it are seen from `folder`, without it from that of the lock. Files of the lock on this
    machine are read.

    Raises UsageError for a format or a group that is unknown, for a file that is missing, and for a
    lock that has no form in the format.
    """
    if name not in FORMATS:
        raise UsageError(f'"{name}" is no format; {", ".join(FORMATS)} are')
    if groups is not None:
        lock = restricted_to(lock, groups)
    # Imported here so that only the format that is used is loaded.
    module = import_module(f"lock.outputs.{name}")
    here = hashed(lock)
    return cast(Callable[[Lock], str], module.render)(seen_from(folder, here) if folder else here)
