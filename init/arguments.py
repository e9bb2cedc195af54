"""The arguments of init."""

import argparse

from init.kinds import KINDS
from lock import __version__
from lock.commands.near import Parser

DESCRIPTION = """\
Start an environment, a project or a service: write a flake, requirements and a lock that builds.
Without KIND it asks. Files that are there stay as they are."""
EPILOG = """\
arguments:
  KIND    what to start:
%(kinds)s
  FOLDER  where (default: this folder); it is made if it isn't there

examples:
  init
  init project hello
  init environment tools --python 3.12 --with numpy --with 'pandas>=2'
  init project --name my-tool --classic
  init --package cowsay tools/cowsay

exit status: 0 done, 1 the requirements can't be satisfied, 2 usage or network, 130 interrupted.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the arguments."""
    kinds = "\n".join(f"            {name:<12} {kind.what}" for name, kind in KINDS.items())
    made = Parser(
        prog="init",
        usage="%(prog)s [OPTION]... [KIND [FOLDER]]",
        description=DESCRIPTION,
        epilog=EPILOG.replace("%(kinds)s", kinds),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    made.add_argument("--name", metavar="NAME", help="the project's name (default: FOLDER's)")
    made.add_argument(
        "--package",
        metavar="NAME",
        help="write the application of this package of the index, described; only FOLDER stands "
        "beside it",
    )
    made.add_argument(
        "--python",
        metavar="VERSION",
        help="the version of Python, such as 3.12 (default: the package set's)",
    )
    made.add_argument(
        "--with",
        action="append",
        default=[],
        dest="packages",
        metavar="REQUIREMENT",
        help="a package that it needs, such as 'httpx>=0.27'; may be repeated",
    )
    made.add_argument(
        "--classic",
        "--no-flake",
        action="store_true",
        help="write default.nix and shell.nix, for nix-build and nix-shell, and no flake",
    )
    made.add_argument(
        "--url",
        metavar="URL",
        help="where wheelhouse is, for flake.nix or default.nix: a repository, or path:/FOLDER",
    )
    made.add_argument("--git", action="store_true", help="make a git repository of the folder")
    made.add_argument(
        "--no-lock", action="store_false", dest="lock", help="write no lock; `lock` makes it later"
    )
    made.add_argument(
        "--force", action="store_true", help="replace files that are there, and keep all others"
    )
    made.add_argument("--yes", "-y", action="store_true", help="ask nothing; take what is default")
    made.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return made
