"""Programs of an environment: launchers of entry points, and scripts with its own interpreter."""

import re

from installer.scripts import Script

from builder.errors import BuildError


def launcher(entry_point: dict[str, str], python: str, package: str) -> tuple[str, bytes]:
    """The name and content of the program for an entry point (entry points specification).

    Raises BuildError for a name that is no file's name.
    """
    name = entry_point["name"]
    if "/" in name or name in ("", ".", ".."):
        raise BuildError(f"{package}: its entry point {name!r} can't be the name of a program")
    script = Script(name, entry_point["module"], entry_point["attr"], "console")
    return script.generate(python, "posix")


def with_interpreter(content: bytes, python: str) -> bytes:
    """A `.data` script, its `#!python` replaced (binary distribution format, «.data»).

    Any other first line stays as it is; so does a program that is no script.
    """
    first, newline, rest = content.partition(b"\n")
    if not re.fullmatch(rb"#!\s*pythonw?(\s.*)?", first.rstrip(b"\r")):
        return content
    shebang, _, _ = (
        Script("x", "x", "x", "console").generate(python, "posix")[1].partition(b"\n# -*-")
    )
    return shebang + newline + rest
