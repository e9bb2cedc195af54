"""The program `report`: `report [OPTION]... [SOURCES] [-o FILE]`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lock.commands import outcome
from lock.commands.near import Parser
from lock.io import signals
from lock.pipeline.file_names import SOURCES

NAME = "report"
OUTPUT = "report.html"
DESCRIPTION = """\
Build the environment of a lock, and write a page about it: what is in it and why, its size, its
licences, its native libraries, what was built, and what has changed. It is one HTML file, which
needs no network."""
EPILOG = """\
examples, with `nix run .#report --` before them:
  sources.yaml -o report.html
  --group default --group dev
  --against ../main/sources.yaml
  --against-commit v1.2
  --vulnerabilities osv.json      of `osv-scanner --format json` or `pip-audit --format json`

exit status: 0 written, 1 the environment can't be built, 2 usage, 130 interrupted.
"""


def program() -> NoReturn:
    """Run the program, and exit."""
    signals.exit_now(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report that arguments ask for; return the exit code.

    Raises SystemExit for --help, --version and wrong arguments.
    """
    parsed = parser().parse_intermixed_args(arguments)

    def work() -> int:
        from report.writing import write_report

        print(write_report(parsed, os.environ), file=sys.stderr)
        return 0

    return outcome.exit_code(NAME, work, "interrupted; no report was written")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the program's arguments."""
    from lock import __version__

    made = Parser(
        prog=NAME,
        usage="%(prog)s [OPTION]... [SOURCES]",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "sources",
        nargs="?",
        default=Path(SOURCES),
        type=Path,
        metavar="SOURCES",
        help=f"the lock (default: {SOURCES})",
    )
    made.add_argument(
        "--output",
        "-o",
        default=Path(OUTPUT),
        type=Path,
        metavar="FILE",
        help=f"the page to write (default: {OUTPUT}); - prints it",
    )
    made.add_argument(
        "--group",
        action="append",
        default=[],
        dest="groups",
        metavar="GROUP",
        help="a dependency group that the environment has; may be repeated (default: default)",
    )
    made.add_argument(
        "--name", metavar="TEXT", help="the page's title (default: the name of the lock's folder)"
    )
    against = made.add_mutually_exclusive_group()
    against.add_argument(
        "--against", type=Path, metavar="FILE", help="show what changed against another lock"
    )
    against.add_argument(
        "--against-commit",
        metavar="REV",
        dest="commit",
        help="show what changed against the lock of a commit (default: of the last one, where the "
        "lock differs from that)",
    )
    made.add_argument(
        "--vulnerabilities",
        type=Path,
        metavar="FILE",
        help="show the vulnerabilities of a JSON file of osv-scanner or pip-audit",
    )
    made.add_argument(
        "--force", action="store_true", help="replace FILE even where it is no such report"
    )
    made.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return made
