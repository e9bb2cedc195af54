"""The arguments of nixpkgs-expression."""

import argparse
from pathlib import Path

from lock import __version__
from lock.commands.near import Parser

DESCRIPTION = """\
Print an expression for nixpkgs of a package on the index: its newest version, its source, how it is
built, what it depends on, its licence. What it couldn't find out is told on stderr."""
EPILOG = """\
arguments:
  NAME   a package, maybe with extras and versions: httpx, 'httpx[http2]', 'httpx>=0.27,<1'

examples:
  nixpkgs-expression libagent
  nixpkgs-expression 'httpx[http2]==0.28.1' -o default.nix
  nixpkgs-expression --application ruff-lsp -o package.nix
  nixpkgs-expression --requirements libagent -o packages

exit status: 0 done, 1 nothing on the index fits, 2 usage or network, 130 interrupted.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    made = Parser(
        prog="nixpkgs-expression",
        usage="%(prog)s [OPTION]... NAME",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("requirement", metavar="NAME", help=argparse.SUPPRESS)
    made.add_argument(
        "--output",
        "-o",
        type=Path,
        metavar="FILE",
        help="write this file; with --requirements, a folder",
    )
    made.add_argument("--force", action="store_true", help="replace files that are there")
    made.add_argument(
        "--application",
        action="store_true",
        help="a program that nothing imports: buildPythonApplication, for pkgs.callPackage",
    )
    made.add_argument(
        "--repository",
        action="store_true",
        help="take the source from the project's repository, and not from the index",
    )
    made.add_argument(
        "--requirements",
        action="store_true",
        help="write an expression for everything that it needs and the package set lacks, too",
    )
    made.add_argument(
        "--python",
        metavar="VERSION",
        help="the version of Python, such as 3.13 (default: the package set's)",
    )
    known = made.add_mutually_exclusive_group()
    known.add_argument(
        "--package-set",
        metavar="PATH",
        help="the nixpkgs to compare with (default: the one that this program comes from)",
    )
    known.add_argument(
        "--names",
        type=Path,
        metavar="FILE",
        help="the names of nixpkgs' Python packages, one a line, in place of a package set",
    )
    made.add_argument("--offline", action="store_true", help="use only what uv has in its cache")
    made.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return made
