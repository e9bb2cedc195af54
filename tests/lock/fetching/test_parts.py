"""Beginnings of files, which one run at a time has."""

import errno
import fcntl
import shutil
from pathlib import Path

import pytest

from lock.fetching.parts import Part, Parts

SHA256 = "0" * 64


def test_a_folder_that_another_run_made_again_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, taken, remove = Parts(tmp_path), list[Part](), shutil.rmtree

    def remove_and_let_another_take(folder: Path, *, ignore_errors: bool) -> None:
        remove(folder, ignore_errors=ignore_errors)
        taken.append(parts.take(SHA256))

    monkeypatch.setattr(shutil, "rmtree", remove_and_let_another_take)
    parts.take(SHA256).remove()
    (other,) = taken
    assert other.folder.is_dir()
    other.leave()
    assert not other.folder.exists()


def test_a_file_system_without_locks_has_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_handle: int, _operation: int) -> None:
        raise OSError(errno.EBADF, "Bad file descriptor")

    monkeypatch.setattr(fcntl, "flock", refuse)
    part = Parts(tmp_path).take(SHA256)
    assert part.folder.is_dir()
    part.remove()
