"""Programs of an environment: launchers of entry points, and scripts with its own interpreter."""

import re

from builder.errors import BuildError

# What every kernel in use reads of a first line (execve(2)).
LONGEST_SHEBANG = 127
PYTHON = re.compile(rb"#!\s*python(?:w|[\d.]*t?)(?:[ \t]+(?P<argument>.*))?")
LAUNCHER = """{shebang}
import sys

from {module} import {first}

if __name__ == "__main__":
    sys.exit({attr}())
"""


def launcher(entry_point: dict[str, str], python: str, package: str) -> tuple[str, bytes]:
    """The name and content of the program for an entry point (entry points specification).

    Raises BuildError for a name that is no file's name.
    """
    name = entry_point["name"]
    if "/" in name or name in ("", ".", ".."):
        raise BuildError(f"{package}: its entry point {name!r} can't be the name of a program")
    content = LAUNCHER.format(
        shebang=shebang(python),
        module=entry_point["module"],
        first=entry_point["attr"].partition(".")[0],
        attr=entry_point["attr"],
    )
    return name, content.encode()


def with_interpreter(path: str, python: str) -> bytes | None:
    """A `.data` script, its `#!python` replaced (binary distribution format, «.data»).

    None for a script with any other first line, and for a program that is none: both stay as they
    are.
    """
    with open(path, "rb") as file:
        if file.read(2) != b"#!":
            return None
        file.seek(0)
        first = file.readline()
        match = PYTHON.fullmatch(first.rstrip())
        if match is None:
            return None
        argument = (match["argument"] or b"").decode()
        return f"{shebang(python, argument)}\n".encode() + file.read()


def shebang(python: str, argument: str = "") -> str:
    """The first lines of a script that `python` runs, given the interpreter's own argument.

    A path that the kernel can't take is run by a shell, for which the lines are a command, and for
    Python a text.
    """
    words = [python, argument] if argument else [python]
    line = f"#!{' '.join(words)}"
    if len(line.encode()) <= LONGEST_SHEBANG and " " not in python:
        return line
    command = " ".join([f'"{python}"', *words[1:]])
    return f"#!/bin/sh\n'''exec' {command} \"$0\" \"$@\"\n' '''"
