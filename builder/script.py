"""Make a program of a script and the environment that it runs in."""

import io
import os
import tokenize
from pathlib import Path
from typing import Any

from builder.application import launcher
from builder.errors import BuildError

# Where the script lies if the program isn't the script itself, but sets variables before it.
BEHIND = "libexec"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the program `spec["name"]` into `out`.

    It is the script itself, so that `sys.argv[0]` and messages have the program's name.

    Raises BuildError where the script is no text that Python reads.
    """
    name, environment, shell = spec["name"], spec["environment"], spec["shell"]
    program = out / "bin" / name
    script = program if shell is None else out / BEHIND / name
    text = with_interpreter(Path(spec["script"]).read_bytes(), f"{environment}/bin/python", name)
    for file in {script, program}:
        file.parent.mkdir(parents=True)
    script.write_bytes(text)
    script.chmod(0o755)
    if shell is not None:
        program.write_text(launcher(shell, environment, os.fspath(script)), encoding="utf-8")
        program.chmod(0o755)


def with_interpreter(text: bytes, python: str, name: str) -> bytes:
    """Return a script that an interpreter runs; lines keep their numbers if it had a first one."""
    if b"\0" in text:
        raise BuildError(f"{name}: this is no Python script; give the file of one as `script`")
    text = text.removeprefix(BYTE_ORDER_MARK)
    first, _newline, rest = text.partition(b"\n")
    if first.startswith(b"#!"):
        return b"#!" + os.fsencode(python) + b"\n" + rest
    return b"#!" + os.fsencode(python) + b"\n" + _coding(text, name) + text


def _coding(text: bytes, name: str) -> bytes:
    """Return a line that declares a script's encoding, if one of its first two does (PEP 263).

    Below a further line, the second one would be too far down.
    """
    try:
        encoding, _lines = tokenize.detect_encoding(io.BytesIO(text).readline)
    except SyntaxError as error:
        raise BuildError(f"{name}: Python can't read this script: {error}") from None
    return b"" if encoding == "utf-8" else f"# coding: {encoding}\n".encode()
