"""The command line: lock [PYTHON]... [REQUIREMENTS [SOURCES]], or lock COMMAND ..."""

import gc
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from lock.commands import COMMANDS, DEFAULT
from lock.commands.near import unknown_command
from lock.errors import LockError, UsageError
from lock.io import signals


def program() -> NoReturn:
    """Run the lock app as a program, and exit."""
    # A run is too short for garbage collection to pay.
    gc.disable()
    signals.exit_now(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the lock app; return the exit code.

    Raises SystemExit for --help, --version and wrong arguments.
    """
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    named = given[:1] if given[:1] and given[0] in COMMANDS else []
    unknown = unknown_command(given[0], given[1:]) if given else None
    if unknown is not None:
        return _fail(unknown, UsageError.exit_code, "--json" in given)
    command = import_module(f"lock.commands.{named[0] if named else DEFAULT}")
    parsed = command.parser().parse_intermixed_args(given[len(named) :])
    signals.install_handlers()
    if getattr(parsed, "offline", False):
        # Readers of requirements may run uv, too.
        os.environ["UV_OFFLINE"] = "1"
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
    except signals.Interrupted as ended:
        signals.ignore_signals()
        print(f"lock: interrupted; {_written()}", file=sys.stderr)
        return 128 + ended.number
    return code


def _written() -> str:
    from lock.io import files

    if not files.replaced:
        return "every lock is as it was"
    return f"{', '.join(map(str, files.replaced))} had been written"


def _fail(message: str, code: int, as_json: bool) -> int:
    print(message, file=sys.stderr)
    if as_json:
        print(json.dumps({"error": message}, indent=2))
    return code
