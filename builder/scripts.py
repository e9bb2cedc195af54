"""Write the programs of an environment: launchers of entry points, and scripts of wheels."""

import re

from builder.errors import BuildError

# The longest first line, in bytes, that every kernel in use reads in full (execve(2)).
MAX_SHEBANG_LENGTH = 127
PYTHON_SHEBANG = re.compile(rb"#!\s*python(?:w|[\d.]*t?)(?:[ \t]+(?P<argument>.*))?")
LAUNCHER_TEMPLATE = """{shebang}
import sys

from {module} import {import_name}

if __name__ == "__main__":
    sys.exit({attr}())
"""


def build_launcher(entry_point: dict[str, str], python: str, package: str) -> tuple[str, bytes]:
    """Return the name and content of an entry point's program (entry points specification).

    Raises BuildError for a name that can't be a file name.
    """
    name = entry_point["name"]
    if "/" in name or name in ("", ".", ".."):
        raise BuildError(f"{package}: its entry point {name!r} can't be the name of a program")
    content = LAUNCHER_TEMPLATE.format(
        shebang=build_shebang(python),
        module=entry_point["module"],
        import_name=entry_point["attr"].partition(".")[0],
        attr=entry_point["attr"],
    )
    return name, content.encode()


def replace_shebang(path: str, python: str) -> bytes | None:
    """Return the content of a script with `#!python` replaced (binary distribution format, .data).

    None for a script with any other first line and for a file that isn't a script; neither is
    changed.
    """
    with open(path, "rb") as file:
        if file.read(2) != b"#!":
            return None
        file.seek(0)
        first_line = file.readline()
        match = PYTHON_SHEBANG.fullmatch(first_line.rstrip())
        if match is None:
            return None
        argument = (match["argument"] or b"").decode()
        return f"{build_shebang(python, argument)}\n".encode() + file.read()


def build_shebang(python: str, argument: str = "") -> str:
    """Return the first lines of a script that `python` runs, with an argument for `python` itself.

    If the kernel can't run the path, the lines start a shell: they are a command to the shell, and
    a string to Python.
    """
    words = [python, argument] if argument else [python]
    line = f"#!{' '.join(words)}"
    if len(line.encode()) <= MAX_SHEBANG_LENGTH and " " not in python:
        return line
    command = " ".join([f'"{python}"', *words[1:]])
    return f"#!/bin/sh\n'''exec' {command} \"$0\" \"$@\"\n' '''"
