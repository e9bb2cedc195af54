"""Runs what makes an environment, and tells of errors and interruptions as `lock` does."""

import argparse
import os
from collections.abc import Callable
from typing import TypeVar

from lock.commands import outcome
from lock.commands.near import Parser
from lock.io import progress, signals

# uv's variable.
OFFLINE = "UV_OFFLINE"

Result = TypeVar("Result")


def parser(name: str, usage: str, description: str, epilog: str) -> Parser:
    """Return the parser of a program's own arguments; texts keep their lines."""
    from lock import __version__

    made = Parser(
        prog=name,
        usage=f"%(prog)s {usage}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "--python",
        "-p",
        metavar="VERSION",
        help="the version of Python, such as 3.13 (default: the package set's own, if it fits)",
    )
    made.add_argument(
        "--refresh", action="store_true", help="take the newest versions, and keep them"
    )
    made.add_argument(
        "--exclude-newer",
        metavar="TIME",
        help="see no file uploaded later than a date or an RFC 3339 time",
    )
    made.add_argument("--offline", action="store_true", help="use only what uv has in its cache")
    made.add_argument("--version", action="version", version=f"wheelhouse {__version__}")
    return made


def exclude_newer(name: str, text: str | None) -> str | None:
    """Return the time of `--exclude-newer` in UTC. Raises UsageError for what is none."""
    from lock.errors import UsageError
    from lock.models.times import utc_time

    try:
        return None if text is None else utc_time(text)
    except UsageError as error:
        raise UsageError(f"{name}: --exclude-newer: {error}") from None


def run(name: str, work: Callable[[], Result], *, offline: bool) -> Result:
    """Return what `work` returns; where it fails or is interrupted, say why and exit."""
    made: list[Result] = []

    def keep() -> int:
        with progress.status("reading what is asked for"):
            made.append(work())
        return 0

    given = os.environ.get(OFFLINE)
    if offline:
        # Readers of requirements may run uv, too.
        os.environ[OFFLINE] = "1"
    code = outcome.exit_code(name, keep, "interrupted")
    if code or not made:
        signals.exit_now(code)
    # The program that runs next gets what was given.
    if given is not None:
        os.environ[OFFLINE] = given
    elif offline:
        del os.environ[OFFLINE]
    return made[0]
