"""Answers questions on wheels, also as a process of its own: a line for each, in JSON."""

import gc
import json
import lzma
import sys
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from lock.wheels.wheel_reading import read_sources, read_wheel
from native.opened import foreign_imports

# RuntimeError is that of an encrypted entry, ValueError that of an offset outside the archive.
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
)


def answer(question: Mapping[str, Any]) -> Any:
    """Return what the wheel at `path` needs on a `machine`, or which `wanted` modules it imports.

    The first is what `WheelNeeds.to_json` returns, the second a list. Raises READ_ERRORS.
    """
    with zipfile.ZipFile(question["path"]) as wheel:
        if "machine" in question:
            return read_wheel(wheel, question["machine"]).to_json()
        return [*foreign_imports(read_sources(wheel), question["wanted"])]


def main() -> None:
    """Answer each line of stdin by one of stdout: an object with `answer` or `error`."""
    # Trees of syntax have no cycles, and there are many of them.
    gc.disable()
    for line in sys.stdin:
        try:
            told = {"answer": answer(json.loads(line))}
        except READ_ERRORS as error:
            told = {"error": str(error)}
        print(json.dumps(told), flush=True)
