"""`lock add REQUIREMENT...`: more packages in the requirements, and in the lock."""

import argparse

from lock.commands import arguments, editing

DESCRIPTION = """\
Add packages to the requirements, keeping their comments and their order, and lock. Either both
files are written or none."""
EPILOG = """\
examples:
  lock add numpy
  lock add "httpx[http2]>=0.27" "uvloop>=0.19 ; sys_platform == 'linux'"
  lock add --group dev pytest
  lock add "thing @ https://example.org/thing-1.0-py3-none-any.whl"

A package that is asked for already gets the new versions and extras. exit status: as of lock.
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = arguments.parser("add", "[OPTION]... REQUIREMENT...", DESCRIPTION, EPILOG)
    made.add_argument("added", nargs="+", metavar="REQUIREMENT", help="a requirement (PEP 508)")
    editing.add_files(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Adds and locks; the exit code."""
    return editing.run(parsed, parsed.added, [])
