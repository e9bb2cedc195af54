"""Digest what a generated flake depends on, cheaply enough for every run."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

APT_LISTS = "/var/lib/apt/lists"


def machine_signature(project: Path, executables: Iterable[str], libc_folder: str) -> str:
    """Return a digest of the interpreters, the C library, apt's lists, libraries.json and seed/.

    A file counts by path, size, inode and time, not by content.
    """
    return _digest(
        (
            *_files(project / "hostpkgs/seed"),
            f"{project}/hostpkgs/libraries.json",
            *(path for executable in executables for path in _watched(executable)),
            f"{libc_folder}/libc.so.6",
            f"{libc_folder}/libm.so.6",
            *_apt(),
        )
    )


def suite_signature(project: Path, lists: Iterable[Path]) -> str:
    """Return a digest of the lists of a suite, libraries.json and seed/."""
    return _digest(
        (
            *_files(project / "hostpkgs/seed"),
            f"{project}/hostpkgs/libraries.json",
            *map(str, lists),
        )
    )


def flake_signature(project: Path, signatures: Iterable[str]) -> str:
    """Return a digest of other digests and the files of hostpkgs/."""
    return _digest((*signatures, *_files(project / "hostpkgs")))


def _digest(paths: Iterable[str]) -> str:
    text = "".join(f"{path}\0{_stamp(path)}\n" for path in paths)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _watched(executable: str) -> Iterator[str]:
    folder, _, name = executable.rpartition("/")
    stdlib = f"{folder.rpartition('/')[0]}/lib/{name}"
    yield executable
    yield f"{stdlib}/os.py"
    yield f"{stdlib}/lib-dynload"


def _files(top: Path) -> Iterator[str]:
    for folder, names, files in os.walk(top):
        names[:] = sorted(name for name in names if name[0] not in "._")
        yield from (f"{folder}/{name}" for name in sorted(files))


def _apt() -> Iterator[str]:
    try:
        names = sorted(os.listdir(APT_LISTS))  # noqa: PTH208
    except OSError:
        return
    yield from (f"{APT_LISTS}/{name}" for name in names if "_Packages" in name)


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return "absent"
    return f"{status.st_size} {status.st_ino} {status.st_mtime_ns}"
