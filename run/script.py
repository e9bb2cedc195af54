"""The program `script`: runs a Python script with the packages that it names (PEP 723).

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

NAME = "script"
# Options that have a value, and those that change what is made at each run.
VALUED = ("--python", "-p", "--exclude-newer")
UNCACHED = ("--refresh", "--help", "-h", "--version")
# The locks beside a script, by the ends of their names: ours, and uv's.
LOCKS = (".sources.yaml", ".lock")


def program() -> "NoReturn":
    """Run the program, and become the script."""
    options, script, arguments = split(sys.argv[1:])
    cache = warm.folder(os.environ)
    call = ""
    known = None
    if script and not any(word in UNCACHED for word in options):
        call = key(options, script)
        known = warm.find(cache, call) if call else None
    if known is None:
        from run.commands import script as command

        known = command.make(options, script, call)
    # Python would take a name that begins with a hyphen for an option.
    path = f"./{script}" if script.startswith("-") else script
    warm.execute(NAME, known[0], [f"{known[0]}/bin/python", path, *arguments], os.environ)


def split(words: "Sequence[str]") -> tuple[list[str], str, list[str]]:
    """Return the options, the script, and its arguments; the script is empty where there is none.

    A `--` before the script only ends the options.
    """
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        at += 2 if words[at] in VALUED else 1
    rest = [*words[at:]]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    return [*words[:at]], rest[0] if rest else "", rest[1:]


def block(text: bytes) -> bytes:
    """Return the part of a script that decides about its requirements; empty without any.

    It may be more than the block: only the start and the end are looked for, wherever they stand.
    """
    start, end = text.find(b"# /// script"), text.rfind(b"# ///")
    if start < 0:
        return b""
    return text[start : text.find(b"\n", end) % (len(text) + 1)]


def key(options: "Sequence[str]", script: str) -> str:
    """Return the key of a call; empty where the script has no block, or can't be read."""
    if not os.path.isfile(script):
        # Reading would take from a pipe what the script is to be.
        return ""
    try:
        with open(script, "rb") as stream:
            deciding = block(stream.read())
    except OSError:
        return ""
    if not deciding:
        return ""
    parts = [NAME.encode(), *map(os.fsencode, options), b"--", deciding]
    for end in LOCKS:
        try:
            with open(script + end, "rb") as stream:
                # An empty lock isn't a missing one.
                parts.append(b"=" + stream.read())
        except OSError:
            parts.append(b"")
    return warm.key(parts, os.environ)
