"""How a program of the project ends: its errors become messages and exit codes."""

import os
import sys
from collections.abc import Callable

from lock.errors import LockError
from lock.io import signals


def exit_code(name: str, work: Callable[[], int], interrupted: str) -> int:
    """Return the exit code of `work`, or of what it raises, which is told on stderr.

    `name` is the program's; `interrupted` says what a signal leaves behind.
    """
    signals.install_handlers()
    try:
        code = work()
        sys.stdout.flush()
    except LockError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has had enough; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}: {where}{error.strerror or error}", 2)
    except signals.Interrupted as ended:
        signals.ignore_signals()
        return _fail(f"{name}: {interrupted}", 128 + ended.number)
    return code


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
