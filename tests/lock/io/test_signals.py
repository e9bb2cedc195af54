"""Signals that end a run, whenever they come and however many."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.support.index_server import Index
from tests.support.lock_app import LockApp

LISTENING = "import signal, time; from lock.io.signals import Interrupted, install_handlers\n"
# Sends the signal while the lock app is being imported.
EARLY = """
import os, runpy, signal, sys
class Sends:
    def find_spec(self, name, *_):
        if name == "lock.commands":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Sends())
runpy.run_module("lock", run_name="__main__")
"""


def python(lock: LockApp, program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", program],
        env=lock.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# In a finalizer, where Python drops what is raised, and again while that is reported.
DROPPED = """
import os, threading
class Sends:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
class Timer(threading.Timer):
    def __init__(self, *arguments):
        os.kill(os.getpid(), signal.SIGINT)
        super().__init__(*arguments)
threading.Timer = Timer
install_handlers()
try:
    Sends()
    time.sleep(30)
    print("lost")
except Interrupted:
    print("raised")
"""


def test_a_signal_that_python_drops_is_sent_again_whatever_else_comes(lock: LockApp) -> None:
    done = python(lock, LISTENING + DROPPED)
    assert (done.stdout, done.stderr) == ("raised\n", "")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("apart", [0, 0.0005, 0.001, 0.003])
def test_further_signals_leave_nothing_behind(
    lock: LockApp,
    index: Index,
    scratch: Callable[[], list[str]],
    sign: signal.Signals,
    apart: float,
) -> None:
    lock.write("alpha: '*'")
    before = lock.tree()
    index.requested.clear()
    index.responding.clear()
    process = lock.start("3.11")
    assert index.requested.wait(60)
    for _ in range(8):
        process.send_signal(sign)
        time.sleep(apart)
    out, told = process.communicate(timeout=60)
    assert (out, told) == ("", "lock: interrupted; every lock is as it was\n")
    assert process.returncode == 128 + sign
    assert lock.tree() == before
    assert scratch() == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_an_interruption_before_anything_is_done_shows_no_traceback(lock: LockApp) -> None:
    done = python(lock, EARLY)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_a_signal_that_python_drops_is_heard_all_the_same(lock: LockApp) -> None:
    program = LISTENING + (
        "class Dropping:\n"
        "    def __del__(self):\n"
        "        signal.raise_signal(signal.SIGTERM)\n"
        "        time.sleep(0)\n"
        "install_handlers()\n"
        "try:\n"
        "    Dropping()\n"
        "    time.sleep(10)\n"
        "except Interrupted as ended:\n"
        "    print(ended.number)\n"
    )
    done = python(lock, program)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{int(signal.SIGTERM)}\n", "")


def test_what_was_ignored_stays_so(lock: LockApp) -> None:
    program = LISTENING + (
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "install_handlers()\n"
        "signal.raise_signal(signal.SIGHUP)\n"
        "print('on')\n"
    )
    assert python(lock, program).stdout == "on\n"
