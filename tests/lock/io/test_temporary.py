"""The temporary folder of a run."""

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from lock.io.temporary import temporary_folder


def write_files(folders: Sequence[Path], has_begun: threading.Event) -> None:
    for number in range(200):
        for folder in folders:
            with contextlib.suppress(OSError):
                (folder / str(number)).touch()
        has_begun.set()


def test_an_error_is_told_while_a_thread_still_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    has_begun = threading.Event()
    threads: list[threading.Thread] = []
    try:
        with pytest.raises(ValueError, match="what failed"), temporary_folder() as parent:
            folders = [parent / str(number) for number in range(100)]
            for folder in folders:
                folder.mkdir()
            for some in (folders[:50], folders[50:]):
                threads.append(threading.Thread(target=write_files, args=(some, has_begun)))
                threads[-1].start()
            has_begun.wait()
            raise ValueError("what failed")
    finally:
        for thread in threads:
            thread.join()
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_can_not_be_written_to_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as folder:
        (folder / "kept").mkdir()
        (folder / "kept" / "file").touch()
        (folder / "kept").chmod(0o500)
    assert not [*tmp_path.iterdir()]
