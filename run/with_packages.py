"""The program `with`: runs a command with packages, `with PACKAGE... [-- COMMAND...]`.

What was run before starts without anything of `lock` being imported.
"""

import os
import sys

from run import warm

# Python's own constant takes an import; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

NAME = "with"
# Options that have a value, and the others that change nothing of what is made.
VALUED = ("--python", "-p", "--exclude-newer")
UNCACHED = ("--refresh", "--print-lock", "--help", "-h", "--version")


def program() -> "NoReturn":
    """Run the program, and become the command."""
    own, command = split(sys.argv[1:])
    cache = warm.folder(os.environ)
    call = warm.key([NAME.encode(), *map(os.fsencode, own)], os.environ)
    known = None if any(word in UNCACHED for word in own) else warm.find(cache, call)
    if known is None:
        from run.commands import with_packages

        known = with_packages.make(own, call)
    prefix, default = known
    if not command:
        command = [default or _prompt(prefix)]
    warm.execute(NAME, prefix, command, os.environ)


def split(words: "Sequence[str]") -> tuple[list[str], list[str]]:
    """Return the options and requirements, and the command behind the `--` that follows them.

    A `--` before the first requirement only ends the options.
    """
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--":
            rest = [*words[at + 1 :]]
            end = rest.index("--") if "--" in rest else len(rest)
            return [*words[:at], *rest[:end]], rest[end + 1 :]
        if not word.startswith("-"):
            end = words.index("--", at) if "--" in words[at:] else len(words)
            return [*words[:end]], [*words[end + 1 :]]
        at += 2 if word in VALUED else 1
    return [*words], []


def _prompt(prefix: str) -> str:
    """Return Python, and tell a person which programs there are beside it."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        names = warm.programs(prefix)
        if names:
            print(f"{NAME}: the environment has {', '.join(names)}", file=sys.stderr, flush=True)
    return f"{prefix}/bin/python"
