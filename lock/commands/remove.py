"""`lock remove NAME...`: fewer packages in the requirements, and in the lock."""

import argparse

from lock.commands import arguments, editing

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
    """The arguments of the command."""
    made = arguments.parser("remove", "[OPTION]... NAME...", DESCRIPTION, EPILOG)
    made.add_argument("removed", nargs="+", metavar="NAME", help="a package's name")
    editing.add_files(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Removes and locks; the exit code."""
    return editing.run(parsed, [], parsed.removed)
