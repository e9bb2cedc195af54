"""The command line: lock [PYTHON]... [REQUIREMENTS [SOURCES]], or lock COMMAND ..."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from lock.commands import COMMANDS, DEFAULT
from lock.errors import LockError


class Terminated(BaseException):
    """A signal to end, as an exception, so that every scratch file is removed on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the lock app; the exit code. Raises SystemExit for --help, --version and bad usage."""
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    named = given[:1] if given[:1] and given[0] in COMMANDS else []
    command = import_module(f"lock.commands.{named[0] if named else DEFAULT}")
    parsed = command.parser().parse_intermixed_args(given[len(named) :])
    for number in (signal.SIGTERM, signal.SIGHUP):
        # What is ignored from the start, as below nohup, stays ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminate)
    try:
        code: int = command.run(parsed)
        sys.stdout.flush()
    except LockError as error:
        return _fail(str(error), error.exit_code, getattr(parsed, "json", False))
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has had enough; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}", 2, getattr(parsed, "json", False))
    except (KeyboardInterrupt, Terminated) as ended:
        print("lock: interrupted; every lock is as it was", file=sys.stderr)
        return 128 + (ended.number if isinstance(ended, Terminated) else signal.SIGINT)
    return code


def _fail(message: str, code: int, as_json: bool) -> int:
    print(message, file=sys.stderr)
    if as_json:
        print(json.dumps({"error": message}, indent=2))
    return code


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated(number)
