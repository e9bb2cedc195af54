"""What a generated flake depends on, cheap enough to look at on every run."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

APT_LISTS = "/var/lib/apt/lists"


def machine_signature(project: Path, executables: Iterable[str], libc_folder: str) -> str:
    """A digest that changes when an interpreter, libc, apt's lists or the seeding itself does.

    Of a file its path, size, inode and time count, not its content.
    """
    return _digest(
        (
            *_files(project / "hostpkgs/seed"),
            *(place for executable in executables for place in _watched(executable)),
            f"{libc_folder}/libc.so.6",
            f"{libc_folder}/libm.so.6",
            *_apt(),
        )
    )


def flake_signature(project: Path, machine: str) -> str:
    """A digest that changes when the machine's or a file of hostpkgs/ does."""
    return _digest((machine, *_files(project / "hostpkgs")))


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
