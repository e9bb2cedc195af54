"""Ends a run on Ctrl-C and other signals.

The first signal raises Interrupted in the main thread: every context on the way out ends its
processes and removes its files. Further signals are ignored meanwhile.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Seconds for cleaning up, in which further signals are ignored.
GRACE = 2
# Seconds until a signal whose exception Python dropped is sent again.
RESEND_DELAY = 0.01

_last_signal = -float(GRACE)


class Interrupted(KeyboardInterrupt):
    """A signal that ends the run, with its number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def install_handlers() -> None:
    """Let the signals raise Interrupted; those that are ignored (nohup) stay ignored."""
    sys.unraisablehook = _unraisable
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _interrupt)


def ignore_signals() -> None:
    """Ignore all further signals."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def deferred() -> Iterator[None]:
    """Let signals wait until the block has ended: for steps that belong together."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def exit_now(code: int) -> NoReturn:
    """Exit at once, without the interpreter's own shutdown.

    A thread may still wait for a download, and the shutdown aborts if it runs just then.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    global _last_signal
    now = time.monotonic()
    if now - _last_signal < GRACE:
        return
    _last_signal = now
    raise Interrupted(number)


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    """Send a signal again whose exception Python dropped, as it does in finalizers."""
    if not isinstance(found.exc_value, Interrupted):
        sys.__unraisablehook__(found)
        return
    # Until then further signals stay ignored: what one of them raised in here would be dropped.
    timer = threading.Timer(RESEND_DELAY, _send_again, (found.exc_value.number,))
    timer.daemon = True
    timer.start()


def _send_again(number: int) -> None:
    global _last_signal
    _last_signal = -float(GRACE)
    os.kill(os.getpid(), number)
