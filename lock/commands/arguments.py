"""The arguments that several commands share."""

import argparse
import itertools
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lock.commands.near import Parser
from lock.errors import UsageError
from lock.pipeline.file_names import (
    PYTHON_PLACEHOLDER,
    PYTHON_WORD,
    REQUIREMENTS,
    SOURCES,
    requirements_file,
)

if TYPE_CHECKING:
    from lock.pipeline.plan import LockOptions


def parser(command: str, usage: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """Return the parser of a command, with its help; texts keep their lines."""
    return Parser(
        prog=f"lock {command}".rstrip(),
        usage=f"%(prog)s {usage}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_json(to: argparse.ArgumentParser) -> None:
    """Add the option of every command that prints a result."""
    to.add_argument("--json", action="store_true", help="print JSON, for machines")


def add_offline(to: argparse.ArgumentParser) -> None:
    """Add the option of every command that queries an index."""
    to.add_argument("--offline", action="store_true", help="use only what uv has in its cache")


def add_sources(to: argparse.ArgumentParser) -> None:
    """Add the lock that a command reads."""
    to.add_argument(
        "sources",
        nargs="?",
        default=SOURCES,
        type=Path,
        metavar="SOURCES",
        help=f"the lock to read (default: {SOURCES})",
    )


def add_name(to: argparse.ArgumentParser) -> None:
    """Add the package that a command is about."""
    to.add_argument("name", metavar="NAME", help="a package's name")


def add_groups(to: argparse.ArgumentParser) -> None:
    """Add the option that selects groups."""
    to.add_argument(
        "--group",
        action="append",
        default=[],
        dest="groups",
        metavar="GROUP",
        help="this group only; may be repeated",
    )


def count(text: str) -> int:
    """Return a count. Raises ValueError for a text that is none."""
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise ValueError
    return int(text)


def add_systems(to: argparse.ArgumentParser) -> None:
    """Add the option that selects systems."""
    to.add_argument(
        "--system",
        action="append",
        dest="systems",
        metavar="SYSTEM",
        help="this Nix system only, such as x86_64-linux; may be repeated",
    )


def add_resolution(to: argparse.ArgumentParser) -> None:
    """Add the options of the commands that lock."""
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
    to.add_argument(
        "--no-native",
        action="store_false",
        dest="native",
        help="don't look at what files need of the system, and download none for that",
    )
    to.add_argument(
        "--licenses",
        action=argparse.BooleanOptionalAction,
        help="write the licences of the packages into SOURCES, or leave them out (default: as "
        "SOURCES has it, at first without)",
    )
    add_offline(to)
    add_json(to)


def add_choice(to: argparse.ArgumentParser) -> None:
    """Add the options that choose what is locked: a project itself, and groups."""
    to.add_argument(
        "--project",
        action=argparse.BooleanOptionalAction,
        help="lock a project itself, or only what it depends on (default: as SOURCES has it, at "
        "first the project)",
    )
    groups = to.add_mutually_exclusive_group()
    groups.add_argument(
        "--only-group",
        action="append",
        default=[],
        dest="only_groups",
        metavar="GROUP",
        help="lock no other groups and extras than the default one and this; may be repeated "
        "(default: those that SOURCES was restricted to)",
    )
    groups.add_argument("--all-groups", action="store_true", help="lock all groups again")
    packages = to.add_mutually_exclusive_group()
    packages.add_argument(
        "--package",
        action="append",
        default=[],
        dest="packages",
        metavar="NAME",
        help="of a workspace, lock only this member, and what it depends on; may be repeated "
        "(default: those that SOURCES was restricted to)",
    )
    packages.add_argument(
        "--all-packages", action="store_true", help="lock all members of a workspace again"
    )


@dataclass(frozen=True)
class Files:
    """What the arguments name: versions of Python, files of requirements, and the lock."""

    pythons: list[str]
    requirements: list[Path]
    # None where it isn't named.
    sources: str | None


def positional(
    arguments: Sequence[str], requirements: Sequence[Path] = (), sources: str | None = None
) -> Files:
    """Split the arguments: versions of Python, known by their shape, requirements, sources.

    `requirements` and `sources` are those that options name.

    Raises UsageError where there are too many.
    """
    pythons = [*dict.fromkeys(itertools.takewhile(PYTHON_WORD.fullmatch, arguments))]
    rest = [*itertools.dropwhile(PYTHON_WORD.fullmatch, arguments)]
    if requirements and rest:
        raise UsageError(
            f"lock: {rest[0]}: with -r, requirements stand behind -r each and the lock behind -o, "
            f"as in `lock {' '.join([*pythons, *_options('-r', [*requirements, rest[0]])])}`"
        )
    late = [one for one in rest if PYTHON_WORD.fullmatch(one) and not Path(one).exists()]
    if late:
        others = [one for one in rest if one not in late]
        raise UsageError(
            f"lock: {late[0]}: versions of Python stand first, as in "
            f"`lock {' '.join([*pythons, *late, *others])}`"
        )
    most = 1 if sources else 2
    if len(rest) > most:
        files = (
            " and a requirements file" if sources else ", a requirements file and a sources file"
        )
        raise UsageError(
            f"lock: too many arguments, from {rest[most]!r} on; at most versions of Python such as "
            f"3.11{files} stand there. Several files are locked together by "
            f"`lock {' '.join([*pythons, *_options('-r', rest)])}`"
        )
    named = [*map(Path, rest[:1])] or [*dict.fromkeys(requirements)]
    return Files(
        pythons, named or [requirements_file()], sources or (rest[1] if len(rest) > 1 else None)
    )


def _options(option: str, values: Iterable[object]) -> list[str]:
    return [f"{option} {value}" for value in values]


def add_named_files(to: argparse.ArgumentParser, requirements: str) -> None:
    """Add the options that name requirements, with their help, and the lock."""
    to.add_argument(
        "--requirements",
        "-r",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help=requirements,
    )
    to.add_argument(
        "--sources",
        "-o",
        metavar="FILE",
        help=f"the lock to write (default: {SOURCES}, of a script SCRIPT.{SOURCES}; "
        f"{PYTHON_PLACEHOLDER} in it stands for the version of Python)",
    )


def add_files(to: argparse.ArgumentParser) -> None:
    """Add the options of the commands that edit requirements, and those of locking."""
    add_named_files(
        to,
        f"the requirements to edit (default: the first of {', '.join(REQUIREMENTS)}); further ones "
        "are locked with them",
    )
    to.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="VERSION",
        dest="pythons",
        help="the version of Python; may be repeated (default: as in `lock`)",
    )
    to.add_argument("--group", metavar="GROUP", help="the group (default: none)")
    add_resolution(to)
    add_choice(to)


def lock_options(parsed: argparse.Namespace) -> "LockOptions":
    """Return the options of `add_resolution`, checked. Raises UsageError for a wrong one."""
    # Imported here so that --help answers at once.
    from lock.models.target import FLOORS, check_floor, check_system
    from lock.models.times import utc_time
    from lock.pipeline.plan import LockOptions

    exclude_newer = None
    if parsed.exclude_newer is not None:
        exclude_newer = _checked("exclude-newer", utc_time, parsed.exclude_newer)
    systems = tuple(_checked("system", check_system, name) for name in parsed.systems or ())
    floors = {
        kind: _checked(kind, partial(check_floor, kind), getattr(parsed, kind))
        for kind in FLOORS
        if getattr(parsed, kind) is not None
    }
    only_groups = tuple(project_name(name, "lock: --only-group") for name in parsed.only_groups)
    packages = tuple(project_name(name, "lock: --package") for name in parsed.packages)
    upgraded = frozenset(project_name(name, "lock: --upgrade-package") for name in parsed.upgraded)
    return LockOptions(
        systems,
        floors,
        parsed.upgrade,
        upgraded,
        exclude_newer,
        only_groups,
        all_groups=parsed.all_groups,
        packages=packages,
        all_packages=parsed.all_packages,
        project=parsed.project,
        native=parsed.native,
        licenses=parsed.licenses,
    )


def environment(parsed: argparse.Namespace) -> dict[str, str]:
    """Return the variables that other tools run with."""
    return os.environ | ({"UV_OFFLINE": "1"} if parsed.offline else {})


def project_name(text: str, where: str) -> str:
    """Return a normalized project name. Raises UsageError, which names `where` it stands."""
    from packaging.utils import InvalidName, canonicalize_name

    try:
        return canonicalize_name(text, validate=True)
    except InvalidName as error:
        raise UsageError(f"{where}: {error}; write a package's name") from None


def _checked(option: str, check: Callable[[str], str], text: str) -> str:
    """Return what a check returns of an option's value; its error names the option."""
    try:
        return check(text)
    except UsageError as error:
        raise UsageError(f"lock: --{option}: {error}") from None
