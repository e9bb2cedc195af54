"""Stage folders below the cache, which Nix copies into its store only when they are used."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nar import nar_hash

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Staged:
    """A folder with the hash that `builtins.fetchTree` checks."""

    path: str
    narHash: str  # noqa: N815 - the attribute's name in Nix


@dataclass(frozen=True)
class Entry:
    """One file to stage: `target` below the staged folder, from `source` on this machine.

    A `link` is the text of a symbolic link to make instead of copying `source`.
    """

    target: str
    source: str
    link: str | None = None


def stage(folder: Path, name: str, entries: Iterable[Entry]) -> Staged:
    """Put `entries` into `folder`, in a directory named after `name` and its content.

    Hard links where the file system allows it: no time and no disk space. Never half written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        made: set[str] = set()
        for entry in sorted(entries, key=lambda entry: entry.target):
            target = f"{temporary}/{entry.target}"
            parent = target.rpartition("/")[0]
            if parent not in made:
                os.makedirs(parent, exist_ok=True)  # noqa: PTH103 - thousands of files
                made.add(parent)
            if entry.link is not None:
                Path(target).symlink_to(entry.link)
            else:
                _link_or_copy(entry.source, target)
        narhash = nar_hash(temporary)
        target_folder = folder / f"{name}-{file_name(narhash)}"
        if not target_folder.exists():
            temporary.chmod(0o755)
            temporary.rename(target_folder)
        return Staged(str(target_folder), narhash)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=True)
    except OSError:
        # another file system, or a file that we may read but not link
        shutil.copy(source, target)


def file_name(narhash: str) -> str:
    """Return a short file name for a hash."""
    return narhash.partition("-")[2].translate(str.maketrans("+/", "-_", "="))[:16]
