"""Runs init: `python -m init`."""

import signal

# Until the program has installed its own handlers, Ctrl-C ends it without a traceback.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from init.main import program

program()
