"""Signals that end a run: heard once, so that all is cleared away behind it."""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Seconds in which a run clears up, and further signals of a user's impatient fingers say no more.
GRACE = 2
# Seconds until a signal that Python could not raise where it came in is sent again.
AGAIN = 0.01

_heard = -float(GRACE)


class Interrupted(KeyboardInterrupt):
    """A signal to end; `number` is its own."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def listen() -> None:
    """Makes the signals raise Interrupted; what was ignored, as below nohup, stays so."""
    sys.unraisablehook = _unraisable
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore() -> None:
    """Lets the process end in its own way, whatever else comes in."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def leave(code: int) -> NoReturn:
    """Ends the process at once, without the disposal of each object.

    A thread may be left, such as one that waits for a download: the interpreter's own end aborts
    when one does something just then.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    global _heard
    now = time.monotonic()
    if now - _heard < GRACE:
        return
    _heard = now
    raise Interrupted(number)


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    """Python drops what is raised while it disposes of an object: the signal is sent once more."""
    global _heard
    if not isinstance(found.exc_value, Interrupted):
        sys.__unraisablehook__(found)
        return
    _heard = -float(GRACE)
    timer = threading.Timer(AGAIN, os.kill, (os.getpid(), found.exc_value.number))
    timer.daemon = True
    timer.start()
