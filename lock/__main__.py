"""Runs the lock app: `python -m lock`."""

import signal

# Until the app has installed its own handlers, Ctrl-C ends it without a traceback.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from lock.commands.main import program

program()
