"""Files and folders that can't be written: one clear message, and what was there stays."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LOCK = "-m lock 3.11"
OLD = 'wheelhouse: 1\npython: "3.11"\n'
# The user with every right.
ROOT = ("--map-root-user",)
# One with none but those of the files' owner.
OWNER = ("--map-user=1000",)


@dataclass(frozen=True)
class Ending:
    """How a script ended that runs the lock app, and what is then there."""

    code: int
    messages: str
    left: list[str]


@pytest.fixture
def confined(
    lock: LockApp, index: Index, scratch: Callable[[], list[str]]
) -> Callable[..., Ending]:
    """Runs the lock app where there is a lock, with mounts of its own that a script makes."""
    index.wheel("alpha", "1.0")
    lock.write("alpha: '*'")
    lock.write(OLD, "sources.yaml")

    def run(script: str, user: Sequence[str] = ROOT, **environment: str) -> Ending:
        done = subprocess.run(
            [
                "unshare",
                "--mount",
                *user,
                "bash",
                "-ec",
                f'{script}\n"{sys.executable}" -m lock 3.11',
            ],
            cwd=lock.folder,
            env=lock.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (lock.folder / "sources.yaml").read_text() == OLD
        assert done.stdout == ""
        assert scratch() == []
        return Ending(done.returncode, done.stderr, sorted(lock.tree()))

    return run


def test_a_folder_that_is_read_only_is_told_before_anything_is_asked_for(
    confined: Callable[..., Ending], lock: LockApp, index: Index
) -> None:
    ending = confined('mount --bind . . && mount -o remount,bind,ro . && cd "$PWD"')
    assert ending.code == 2
    assert ending.messages == (
        f"sources.yaml: the folder {lock.folder} is read-only; name another file\n"
    )
    assert not index.requested.is_set()


@pytest.mark.parametrize(
    ("script", "user"),
    [
        ("chmod 444 sources.yaml", OWNER),
        ("mount --bind sources.yaml sources.yaml; mount -o remount,bind,ro sources.yaml", ROOT),
    ],
    ids=["mode", "mount"],
)
def test_a_file_that_is_read_only_is_not_replaced(
    confined: Callable[..., Ending], index: Index, script: str, user: Sequence[str]
) -> None:
    ending = confined(script, user)
    assert ending.code == 2
    assert ending.messages == (
        "sources.yaml: the file is read-only; make it writable or name another one\n"
    )
    assert not index.requested.is_set()


def test_a_file_that_is_mounted_by_itself_is_told_with_the_remedy(
    confined: Callable[..., Ending],
) -> None:
    ending = confined("mount --bind sources.yaml sources.yaml")
    assert ending.code == 2
    assert ending.messages.startswith("sources.yaml: the file is mounted by itself")
    assert "mount its folder instead" in ending.messages
    assert ending.left == ["requirements.yaml", "sources.yaml"]


MOUNTED = "mount -t tmpfs -o size=256k none {folder}"
FILLED = "cat /dev/zero > {folder}/fill 2> /dev/null || truncate --size=-{free} {folder}/fill"


# Room for none of its files, for those that ask uv, and for all but what uv answers.
@pytest.mark.parametrize(("free", "packages"), [("4K", 0), ("8K", 0), ("12K", 25)])
def test_a_full_disk_for_temporary_files_is_told(
    confined: Callable[..., Ending], index: Index, tmp_path: Path, free: str, packages: int
) -> None:
    names = [f"beta{number}" for number in range(packages)]
    index.wheel("alpha", "2.0", *names)
    for name in names:
        index.wheel(name, "1.0")
    folder = tmp_path / "scratch"
    script = f"{MOUNTED}\n{FILLED}\ntrap 'ls -A {{folder}} >&2' EXIT"
    ending = confined(script.format(folder=folder, free=free))
    assert ending.code == 2
    assert ending.messages == (
        f"{folder}: no space is left on the disk; free some, or set TMPDIR\nfill\n"
    )


def test_a_full_disk_leaves_the_old_lock(confined: Callable[..., Ending], tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    # The shell that started there says what is left, and ends as the lock app did.
    script = f"""
        {MOUNTED}
        cp requirements.yaml sources.yaml {{folder}}
        {FILLED}
        cd {{folder}}
        trap 'cat sources.yaml >&2; ls -A >&2' EXIT
    """
    ending = confined(script.format(folder=folder, free="0"))
    assert ending.code == 2
    assert ending.messages.splitlines() == [
        "sources.yaml: No space left on device",
        *OLD.splitlines(),
        "fill",
        "requirements.yaml",
        "sources.yaml",
    ]
