"""The lock app's command line: its arguments, exit codes, and the file that it writes."""

import os
import signal
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

OLD = 'wheelhouse: 1\npython: "3.9"\n# an old lock\n'


@pytest.fixture(autouse=True)
def requirements(lock: LockApp, index: Index) -> None:
    """A requirements file that can be satisfied."""
    index.wheel("alpha", "1.0")
    lock.write("alpha: '*'\n")


def python_of(text: str) -> str:
    """The version of Python in a sources file."""
    version = yaml.safe_load(text)["python"]
    assert isinstance(version, str)
    return version


def test_help_shows_the_forms_and_ends_well(lock: LockApp) -> None:
    done = lock.run("--help")
    assert done.returncode == 0
    for part in ("usage: lock ", "PYTHON", "REQUIREMENTS", "SOURCES", "--system", "exit status"):
        assert part in done.stdout
    assert done.stderr == ""


def test_version_is_told(lock: LockApp) -> None:
    done = lock.run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, "wheelhouse 0.2.0\n", "")


def test_all_three_arguments_as_makes_took_them(lock: LockApp) -> None:
    (lock.folder / "requirements.yaml").rename(lock.folder / "in.yaml")
    done = lock.run("3.12", "in.yaml", "out.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert "out.yaml: 1 package and 1 file for 4 systems, Python 3.12" in done.stderr
    assert sorted(lock.tree()) == ["in.yaml", "out.yaml"]
    assert python_of((lock.folder / "out.yaml").read_text()) == "3.12"


def test_python_alone_takes_the_default_files(lock: LockApp) -> None:
    assert python_of(lock.succeed("3.12")) == "3.12"


def test_python_may_stand_in_the_requirements(lock: LockApp) -> None:
    lock.write("python: 3.10\nalpha:\n")
    assert python_of(lock.succeed()) == "3.10"


def test_the_argument_wins_over_the_requirements(lock: LockApp) -> None:
    lock.write("python: 3.10\nalpha:\n")
    assert python_of(lock.succeed("3.12")) == "3.12"


@pytest.mark.parametrize(
    "old",
    [
        OLD,
        "python: '3.9'\nclosure: {}\nlinks: []\n",
        "closure:\n  a: b\nlinks: []\npython: 3.9\n",
        '{"closure": {}, "links": [], "python": "3.9"}',
    ],
)
def test_python_may_come_from_the_old_lock(lock: LockApp, old: str) -> None:
    lock.write(old, "sources.yaml")
    assert python_of(lock.succeed()) == "3.9"


def test_the_requirements_win_over_the_old_lock(lock: LockApp) -> None:
    lock.write(OLD, "sources.yaml")
    lock.write("python: 3.10\nalpha:\n")
    assert python_of(lock.succeed()) == "3.10"


def test_files_without_python(lock: LockApp) -> None:
    lock.write("python: 3.10\nalpha:\n", "in.yaml")
    assert lock.run("in.yaml", "out.yaml").returncode == 0
    assert python_of((lock.folder / "out.yaml").read_text()) == "3.10"


def test_without_any_python_the_error_says_where_to_put_it(lock: LockApp) -> None:
    told = lock.fail(2)
    assert "lock 3.11" in told
    assert "`python: 3.11`" in told


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["3.11", "a", "b", "c"], ["c"]),
        (["3.11.4"], ["3.11.4", "3.11"]),
        (["3.12t"], ["3.12t", "3.13t"]),
        (["2.7"], ["2.7", "3.8"]),
        (["3"], ["3"]),
        (["3.7"], ["3.7", "3.8"]),
        (["3.99"], ["there is no Python 3.99"]),
        (["4.0"], ["there is no Python 4.0"]),
        (["3.11", "--system", "x86_64-windows"], ["x86_64-windows", "x86_64-linux"]),
        (["3.11", "--sys", "x86_64-linux"], ["--sys"]),
        (["3.11", "--nonsense"], ["--nonsense"]),
        (["3.11", "absent.yaml"], ["absent.yaml"]),
        (["3.11", "."], ["."]),
        (["3.11", "requirements.yaml", "."], ["not a regular file"]),
        (["3.11", "requirements.yaml", "absent/sources.yaml"], ["absent", "folder"]),
        (["3.11", "requirements.yaml", "requirements.yaml/x"], ["requirements.yaml"]),
        (["3.11", "requirements.yaml", "/dev/full"], ["/dev/full", "not a regular file"]),
        (["3.11", ""], []),
        (["3.11", "requirements.yaml", ""], []),
    ],
)
def test_wrong_arguments_are_one_clear_error(
    lock: LockApp, arguments: list[str], parts: list[str]
) -> None:
    told = lock.fail(2, *arguments)
    for part in parts:
        assert part in told
    assert 1 <= len(told.splitlines()) <= 3


def test_the_requirements_are_not_overwritten_with_the_sources(lock: LockApp) -> None:
    told = lock.fail(2, "3.11", "requirements.yaml", "requirements.yaml")
    assert "requirements.yaml" in told


def test_systems_narrow_the_lock_whatever_their_order(lock: LockApp) -> None:
    one = lock.succeed("3.11", "--system", "x86_64-linux", "--system", "aarch64-linux")
    other = lock.succeed(
        "--system", "aarch64-linux", "3.11", "--system", "x86_64-linux", "--system", "x86_64-linux"
    )
    assert list(yaml.safe_load(one)["systems"]) == ["aarch64-linux", "x86_64-linux"]
    assert one == other


def test_two_runs_write_identical_bytes(lock: LockApp) -> None:
    first = lock.succeed("3.11")
    (lock.folder / "sources.yaml").unlink()
    assert lock.succeed("3.11", LC_ALL="C", PYTHONHASHSEED="7") == first


def test_the_lock_is_ascii_and_ends_with_a_newline(lock: LockApp) -> None:
    text = lock.succeed("3.11")
    assert text.isascii()
    assert text.startswith('{"wheelhouse": 2,\n"python": "3.11",\n')
    assert text.endswith("\n")


def test_a_failed_run_leaves_the_old_file_and_nothing_else(
    lock: LockApp, scratch: Callable[[], list[str]]
) -> None:
    lock.write(OLD, "sources.yaml")
    lock.write("alpha: '>5'\n")
    lock.fail(1, "3.11")
    assert scratch() == []


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("to_group", [True, False])
@pytest.mark.parametrize("pythons", [["3.11"], ["3.11", "3.12", "3.13"]], ids=["one", "three"])
def test_an_interrupted_run_leaves_the_old_file_and_nothing_else(
    lock: LockApp,
    index: Index,
    scratch: Callable[[], list[str]],
    sign: signal.Signals,
    to_group: bool,
    pythons: list[str],
) -> None:
    lock.write(OLD, "sources.yaml")
    before = lock.tree()
    index.requested.clear()
    index.responding.clear()
    process = lock.start(*pythons)
    assert index.requested.wait(60)
    if to_group:
        os.killpg(process.pid, sign)
    else:
        process.send_signal(sign)
    # uv gives up a silent index after thirty seconds.
    out, told = process.communicate(timeout=20)
    assert process.returncode == 128 + sign
    assert (out, told) == ("", "lock: interrupted; every lock is as it was\n")
    assert lock.tree() == before
    assert scratch() == []
    assert not alive(process.pid)


def alive(group: int) -> bool:
    """Whether a process of a group is left after a moment."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.02)
    return True


def test_a_link_stays_and_its_target_is_replaced(lock: LockApp) -> None:
    (lock.folder / "real").mkdir()
    target = lock.write(OLD, "real/sources.yaml")
    link = lock.folder / "sources.yaml"
    link.symlink_to("real/sources.yaml")
    text = lock.succeed("3.11")
    assert link.is_symlink()
    assert not target.is_symlink()
    assert target.read_text() == text
    assert '"python": "3.11"' in text


def test_a_link_to_nothing_makes_its_target(lock: LockApp) -> None:
    link = lock.folder / "sources.yaml"
    link.symlink_to("real.yaml")
    lock.succeed("3.11")
    assert link.is_symlink()
    assert (lock.folder / "real.yaml").is_file()


def test_the_mode_of_the_old_file_is_kept(lock: LockApp) -> None:
    old = lock.write(OLD, "sources.yaml")
    old.chmod(0o640)
    lock.succeed("3.11")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_mode(lock: LockApp) -> None:
    mask = os.umask(0o027)
    try:
        lock.succeed("3.11")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((lock.folder / "sources.yaml").stat().st_mode) == 0o640


def test_an_unchanged_lock_is_not_touched(lock: LockApp) -> None:
    lock.succeed("3.11")
    file = lock.folder / "sources.yaml"
    os.utime(file, (1, 1))
    lock.succeed("3.11")
    assert file.stat().st_mtime == 1


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_resolved(
    lock: LockApp, index: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.geteuid() == 0:
        target = Path("/proc/self/sources.yaml")
    else:
        folder.chmod(0o555)
        target = folder / "sources.yaml"
    told = lock.fail(2, "3.11", "requirements.yaml", os.fspath(target))
    assert os.fspath(target) in told
    assert not index.requested.is_set()


def test_bad_requirements_are_told_before_anything_is_asked_for(
    lock: LockApp, index: Index
) -> None:
    lock.write("alpha: nonsense\n")
    assert lock.fail(2, "3.11").startswith("requirements.yaml:1: alpha: ")
    assert not index.requested.is_set()


@pytest.mark.parametrize(
    ("uv", "path", "part"),
    [
        ("/nonexistent/uv", None, "/nonexistent/uv"),
        ("", "/nonexistent", "uv"),
        ("/etc/passwd", None, "/etc/passwd"),
    ],
)
def test_a_missing_uv_is_told(lock: LockApp, uv: str, path: str | None, part: str) -> None:
    environment = {"WHEELHOUSE_UV": uv} | ({"PATH": path} if path else {})
    assert part in lock.fail(2, "3.11", **environment)


def test_runs_at_the_same_time_leave_one_whole_lock(lock: LockApp) -> None:
    results: list[subprocess.CompletedProcess[str]] = []
    threads = [threading.Thread(target=lambda: results.append(lock.run("3.11"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [done.returncode for done in results] == [0] * 4
    assert sorted(lock.tree()) == ["requirements.yaml", "sources.yaml"]
    assert (lock.folder / "sources.yaml").read_text() == lock.succeed("3.11")


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_what_cannot_be_replaced_is_not_read_either(lock: LockApp, kind: str) -> None:
    target = lock.folder / "sources.yaml"
    if kind == "fifo":
        os.mkfifo(target)
    else:
        target.mkdir()
    assert "sources.yaml: not a regular file" in lock.fail(2)


def test_the_old_file_is_replaced_and_never_written_into(lock: LockApp) -> None:
    old = lock.write(OLD, "sources.yaml")
    other = lock.folder / "other.yaml"
    other.hardlink_to(old)
    lock.succeed("3.11")
    assert other.read_text() == OLD
