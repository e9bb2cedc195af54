"""What a person sees while something takes a while."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

# Seconds.
SLOW = 2.0


def on_a_terminal(lock: LockApp, index: Index, seconds: float, *arguments: str, **more: str) -> str:
    """What a run shows on a terminal while the index takes some seconds to answer."""
    screen, terminal = pty.openpty()
    index.responding.clear()
    process = subprocess.Popen(
        [sys.executable, "-m", "lock", *arguments],
        cwd=lock.folder,
        env=lock.environment | {"TERM": "xterm-256color"} | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    assert index.requested.wait(60)
    time.sleep(seconds)
    index.responding.set()
    shown = b""
    try:
        while block := os.read(screen, 4096):
            shown += block
    except OSError:
        # The terminal is gone with its last user.
        pass
    os.close(screen)
    assert process.wait() == 0
    return shown.decode()


@pytest.fixture
def wanted(lock: LockApp, index: Index) -> LockApp:
    """A folder with requirements."""
    index.wheel("web", "1.0")
    lock.write("web: '*'")
    return lock


def test_a_terminal_shows_what_takes_long_and_clears_it(wanted: LockApp, index: Index) -> None:
    shown = on_a_terminal(wanted, index, SLOW, "3.11", "--system", "x86_64-linux")
    assert "resolving for Python 3.11 on x86_64-linux" in shown
    assert shown.rstrip().endswith("for 1 system, Python 3.11")
    # The cursor is back.
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert "\x1b[32m" in shown


@pytest.mark.usefixtures("looking")
def test_looking_at_wheels_is_shown(wanted: LockApp, index: Index) -> None:
    index.held = ".whl"
    shown = on_a_terminal(wanted, index, SLOW, "3.11", "--system", "x86_64-linux")
    assert "looking at 1 wheel (0 MB) for native libraries" in shown


def test_no_color_means_no_colour(wanted: LockApp, index: Index) -> None:
    shown = on_a_terminal(wanted, index, SLOW, "3.11", NO_COLOR="1")
    assert "resolving for Python 3.11" in shown
    assert "\x1b[3" not in shown


def test_a_pipe_gets_the_outcome_only(wanted: LockApp, index: Index) -> None:
    index.responding.clear()
    process = wanted.start("3.11")
    assert index.requested.wait(60)
    time.sleep(SLOW)
    index.responding.set()
    out, messages = process.communicate()
    assert out == ""
    assert messages == "sources.yaml: 1 package and 1 file for 4 systems, Python 3.11\n"


def test_what_is_quick_loads_nothing_for_it(wanted: LockApp) -> None:
    wanted.succeed("3.11")
    probe = (
        "import sys; from lock.commands.main import main; "
        "main(['tree']); print('rich' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=wanted.folder,
        env=wanted.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.endswith("False\n")


def test_verify_shows_how_much_is_done(wanted: LockApp, index: Index) -> None:
    wanted.succeed("3.11")
    index.requested.clear()
    shown = on_a_terminal(wanted, index, SLOW, "verify")
    assert "verifying 1 file " in shown
    assert "verified: 1 file" in shown


@pytest.mark.nix
def test_fetch_shows_how_much_is_done(wanted: LockApp, index: Index, tmp_path: Path) -> None:
    wanted.succeed("3.11")
    index.requested.clear()
    del wanted.environment["WHEELHOUSE_NIX_STORE"]
    wanted.environment["WHEELHOUSE_BUILDER_SOURCES"] = ""
    wanted.environment["NIX_REMOTE"] = f"local?root={tmp_path / 'root'}"
    shown = on_a_terminal(wanted, index, SLOW, "fetch")
    assert "fetching 1 file " in shown
    assert "fetched: 1 file; 0 were there" in shown
