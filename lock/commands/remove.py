"""`lock remove NAME...`: removes packages from the requirements, and locks."""

import argparse

from lock.commands import arguments

DESCRIPTION = """\
Remove packages from the requirements, keeping their comments and their order, and lock. Either
both files are written or none."""
EPILOG = """\
examples:
  lock remove numpy
  lock remove --group dev pytest

exit status: as of lock; 1 when the requirements don't ask for the package.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("remove", "[OPTION]... NAME...", DESCRIPTION, EPILOG)
    made.add_argument("removed", nargs="+", metavar="NAME", help="a package's name")
    arguments.add_files(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Remove and lock; return the exit code."""
    from lock.commands.edit import run_edit

    return run_edit(parsed, removed=parsed.removed)
