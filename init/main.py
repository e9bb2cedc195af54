"""The command line: init [KIND [FOLDER]]."""

import gc
from collections.abc import Sequence
from typing import NoReturn

from init.arguments import parser
from lock.commands import outcome
from lock.io import signals


def program() -> NoReturn:
    """Run init as a program, and exit."""
    # A run is too short for garbage collection to pay.
    gc.disable()
    signals.exit_now(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run init; return the exit code. Raises SystemExit for --help and wrong arguments."""
    parsed = parser().parse_intermixed_args(arguments)

    def work() -> int:
        # Imported here so that --help answers at once.
        from init.start import run

        return run(parsed)

    return outcome.exit_code("init", work, "interrupted; nothing is written")
