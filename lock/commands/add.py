"""`lock add REQUIREMENT...`: adds packages to the requirements, and locks."""

import argparse

from lock.commands import arguments
from lock.errors import UsageError

DESCRIPTION = """\
Add packages to the requirements, keeping their comments and their order, and lock. Either both
files are written or none."""
EPILOG = """\
examples:
  lock add numpy
  lock add "httpx[http2]>=0.27" "uvloop>=0.19 ; sys_platform == 'linux'"
  lock add --group dev pytest
  lock add "thing @ https://example.org/thing-1.0-py3-none-any.whl"
  lock add "thing @ git+https://example.org/thing.git@v1.0"
  lock add --from nixpkgs tkinter "pygobject>=3.42"
  lock add httpx -r thing.py
  lock add ./wheels/thing-1.0-py3-none-any.whl -e ../library

A package that is asked for already gets the new versions and extras. exit status: as of lock.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("add", "[OPTION]... REQUIREMENT...", DESCRIPTION, EPILOG)
    made.add_argument(
        "added",
        nargs="*",
        metavar="REQUIREMENT",
        help="a requirement (PEP 508), or the address or the path of a repository, a project, a "
        "wheel or an sdist",
    )
    made.add_argument(
        "--editable",
        "-e",
        action="append",
        default=[],
        metavar="PATH",
        help="the folder of a project, written as editable; may be repeated",
    )
    made.add_argument(
        "--from",
        choices=["nixpkgs"],
        dest="place",
        metavar="PLACE",
        help="`nixpkgs`: take the packages from there, whoever requires them (requirements.yaml)",
    )
    arguments.add_files(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Add and lock; return the exit code."""
    from lock.commands.edit import run_edit

    if not (parsed.added or parsed.editable):
        raise UsageError("lock add: name at least one requirement")
    from_nixpkgs = parsed.place is not None
    return run_edit(parsed, parsed.added, editable=parsed.editable, from_nixpkgs=from_nixpkgs)
