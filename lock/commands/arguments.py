"""The arguments that commands share."""

import argparse
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from lock.errors import UsageError

PYTHON_SHAPE = re.compile(r"\d+(\.\d+)*t?")
# The first that is there is read.
REQUIREMENTS = ("requirements.yaml", "pyproject.toml", "requirements.in", "requirements.txt")
SOURCES = "sources.yaml"
# Stands for the version of Python in the name of the sources file.
PLACE = "{python}"


def parser(command: str, usage: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """The parser of a command, with its help; texts keep their lines."""
    return argparse.ArgumentParser(
        prog=f"lock {command}".rstrip(),
        usage=f"%(prog)s {usage}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_json(to: argparse.ArgumentParser) -> None:
    """The option of every command that says something."""
    to.add_argument("--json", action="store_true", help="print JSON, for machines")


def add_offline(to: argparse.ArgumentParser) -> None:
    """The option of every command that asks an index."""
    to.add_argument("--offline", action="store_true", help="use only what uv has in its cache")


def add_sources(to: argparse.ArgumentParser) -> None:
    """The lock that a command reads."""
    to.add_argument(
        "sources",
        nargs="?",
        default=SOURCES,
        type=Path,
        metavar="SOURCES",
        help=f"the lock to read (default: {SOURCES})",
    )


def add_name(to: argparse.ArgumentParser) -> None:
    """The package that a command is about."""
    to.add_argument("name", metavar="NAME", help="a package's name")


def add_groups(to: argparse.ArgumentParser) -> None:
    """The option that chooses among the groups."""
    to.add_argument(
        "--group",
        action="append",
        default=[],
        dest="groups",
        metavar="GROUP",
        help="this group only; may be repeated",
    )


def count(text: str) -> int:
    """A number of things. Raises ValueError for what is none."""
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError
    return int(text)


def add_systems(to: argparse.ArgumentParser) -> None:
    """The option that chooses among the systems."""
    to.add_argument(
        "--system",
        action="append",
        dest="systems",
        metavar="SYSTEM",
        help="this Nix system only, such as x86_64-linux; may be repeated",
    )


def add_resolution(to: argparse.ArgumentParser) -> None:
    """What the commands that lock can be told."""
    add_systems(to)
    for kind, platform in (("glibc", "glibc"), ("macos", "macOS"), ("musl", "musl")):
        to.add_argument(
            f"--{kind}",
            metavar="VERSION",
            help=f"the oldest version of {platform} that files must run on",
        )
    to.add_argument(
        "--upgrade",
        "-U",
        action="store_true",
        help="take the newest versions; otherwise those of SOURCES stay where they can",
    )
    to.add_argument(
        "--upgrade-package",
        "-P",
        action="append",
        default=[],
        dest="upgraded",
        metavar="NAME",
        help="take the newest version of this package; may be repeated",
    )
    to.add_argument(
        "--exclude-newer",
        metavar="TIME",
        help="see no file uploaded later than a date or an RFC 3339 time",
    )
    add_offline(to)
    add_json(to)


def positional(given: Sequence[str]) -> tuple[list[str], Path, str | None]:
    """The versions of Python, which their shape gives away, the requirements and the sources."""
    pythons = [*dict.fromkeys(itertools.takewhile(PYTHON_SHAPE.fullmatch, given))]
    rest = [*itertools.dropwhile(PYTHON_SHAPE.fullmatch, given)]
    if len(rest) > 2:
        raise UsageError(
            f"lock: too many arguments, from {rest[2]!r} on; at most versions of Python such as "
            "3.11, a requirements file and a sources file stand there"
        )
    file = Path(rest[0]) if rest else requirements_file()
    return pythons, file, rest[1] if len(rest) > 1 else None


def requirements_file() -> Path:
    """The file that says what the user wants, where none is named."""
    found = (Path(name) for name in REQUIREMENTS if Path(name).exists())
    return next(found, Path(REQUIREMENTS[0]))
