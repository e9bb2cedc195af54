"""The command line: nixpkgs-expression [OPTION]... NAME."""

import gc
from collections.abc import Sequence
from typing import NoReturn

from init.nixpkgs.arguments import parser
from lock.commands import outcome
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
    parsed = parser().parse_intermixed_args(arguments)

    def work() -> int:
        # Imported here so that --help answers at once.
        from init.nixpkgs.write import run

        run(parsed)
        return 0

    return outcome.exit_code("nixpkgs-expression", work, "interrupted; nothing is written")
