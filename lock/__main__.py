"""`python -m lock`."""

import signal

# There is nothing to clear away yet, and a traceback out of an import tells nobody anything.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from lock.commands.main import program

program()
