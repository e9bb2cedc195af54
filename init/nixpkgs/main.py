"""The command line: nixpkgs-expression [OPTION]... NAME."""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from init.nixpkgs.arguments import parser
from lock.errors import LockError
from lock.io import signals


def program() -> NoReturn:
    """Run nixpkgs-expression as a program, and exit."""
    # A run is too short for garbage collection to pay.
    gc.disable()
    signals.exit_now(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run nixpkgs-expression; return the exit code.

    Raises SystemExit for --help, --version and wrong arguments.
    """
    parsed = parser().parse_args(arguments)
    signals.install_handlers()
    try:
        # Imported here so that --help answers at once.
        from init.nixpkgs.write import run

        run(parsed)
        sys.stdout.flush()
    except LockError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # Whoever read the output has had enough; nothing is left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"nixpkgs-expression: {where}{error.strerror or error}", 2)
    except signals.Interrupted as ended:
        signals.ignore_signals()
        print("nixpkgs-expression: interrupted; nothing is written", file=sys.stderr)
        return 128 + ended.number
    return 0


def _fail(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code
