"""Export a lock to files of other formats; each format has a module here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from lock.errors import UsageError
from lock.lockfile.groups import check_single, restricted_to
from lock.lockfile.reader import Lock
from lock.models.bundled import Bundle, Wheel
from lock.outputs.local_files import relative_to, with_hashes


@dataclass(frozen=True)
class Format:
    """A format: the usual name of its files, a title for users, and what it can tell."""

    file: str
    title: str
    has_bundles: bool = False


# Name → format. The module of the same name has a function `render(lock)`.
FORMATS: Mapping[str, Format] = {
    "pylock": Format("pylock.toml", "pylock.toml (PEP 751)"),
    "requirements": Format("requirements.txt", "requirements.txt with hashes"),
    "cyclonedx": Format("sbom.cdx.json", "bill of materials (CycloneDX 1.6, JSON)", True),
}


def render(
    lock: Lock,
    name: str,
    groups: Collection[str] | None = None,
    folder: Path | None = None,
    bundles: Callable[[Lock], Mapping[Wheel, Bundle]] | None = None,
) -> str:
    """Return the text of a lock in the named format; with `groups`, only of what these need.

    Paths in it are relative to `folder`, by default to the lock's. Local files are read, to hash
    them. `bundles` returns what the wheels of a lock bundle, for formats that can tell.

    Raises UsageError for an unknown format or group, for a missing local file, for a lock or
    bundles that the format can't express, and what `bundles` raises.
    """
    if name not in FORMATS:
        raise UsageError(f'"{name}" is no format; {", ".join(FORMATS)} are')
    if groups is not None:
        lock = restricted_to(lock, groups)
    check_single(lock)
    if bundles is not None and not FORMATS[name].has_bundles:
        able = " or ".join(other for other, one in FORMATS.items() if one.has_bundles)
        raise UsageError(
            f"lock: --bundled: the format {name} has no place for it; leave it out, or write {able}"
        )
    # Imported here, so that only the libraries of this format are loaded.
    module = import_module(f"lock.outputs.{name}")
    more = {} if bundles is None else {"bundles": bundles(lock)}
    lock = with_hashes(lock)
    if folder:
        lock = relative_to(folder, lock)
    return cast(Callable[..., str], module.render)(lock, **more)
