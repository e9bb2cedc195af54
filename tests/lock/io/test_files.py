"""The sources file: replaced whole, or left as it was."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.io import files
from tests.support.project import ROOT


def test_a_new_file_gets_the_usual_mode(tmp_path):
    file = tmp_path / "sources.yaml"
    files.write({file: "a\n"})
    assert file.read_text() == "a\n"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~umask


def test_the_old_mode_stays(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text("old\n")
    file.chmod(0o640)
    files.write({file: "new\n"})
    assert file.read_text() == "new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_link_stays_and_its_target_is_replaced(tmp_path):
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "s.yaml"
    target.write_text("old\n")
    link = tmp_path / "sources.yaml"
    link.symlink_to("real/s.yaml")
    files.write({link: "new\n"})
    assert link.is_symlink()
    assert target.read_text() == "new\n"
    assert [path.name for path in target.parent.iterdir()] == ["s.yaml"]


def test_an_equal_file_is_not_touched(tmp_path):
    file = tmp_path / "sources.yaml"
    file.write_text("same\n")
    before = file.stat()
    files.write({file: "same\n"})
    assert file.stat() == before


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "sources.yaml"
    file.write_text("old\n")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        files.write({file: "new\n"})
    assert file.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [file]


# Sends a signal when the first of two files takes its place.
INTERRUPTED = """
import os, signal, sys
from pathlib import Path
from lock.commands import lock, main
from lock.io import files

def replace(temporary, target):
    os.kill(os.getpid(), signal.SIGTERM)
    os.replace(temporary, target)

def run(parsed):
    files.write({Path("a"): "new", Path("b"): "new"})

Path.replace, lock.run = replace, run
sys.exit(main.main(["--offline"]))
"""


def test_an_interruption_between_files_waits_and_says_what_was_written(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text() == "new"
    assert done.stderr == "lock: interrupted; a, b had been written\n"
    assert done.returncode == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("name", "problem"),
    [("missing/sources.yaml", "no folder"), (".", "not a regular file"), ("pipe", "regular file")],
)
def test_where_nothing_can_be_written_is_said_at_once(tmp_path, name, problem):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match=problem):
        files.check_writable(tmp_path / name)


def test_none_of_several_files_is_written_when_one_cannot_be(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "absent" / "second.yaml"
    first.write_text("old\n")
    with pytest.raises(FileNotFoundError):
        files.write({first: "new\n", second: "new\n"})
    assert first.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["first.yaml"]


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c"),
        ({"XDG_CACHE_HOME": "c", "HOME": "/h"}, "/h/.cache"),
        ({"XDG_CACHE_HOME": "", "HOME": "/h"}, "/h/.cache"),
        ({"XDG_CACHE_HOME": "c"}, None),
    ],
)
def test_a_cache_folder_that_is_not_absolute_is_ignored(environment, folder):
    assert files.user_cache_folder(environment) == (Path(folder) if folder else None)
