"""Runs a module of this folder inside a derivation: `derivation.py LIBRARIES MODULE`.

LIBRARIES is the folder of the libraries that it imports. The environment variable `specPath` names
the JSON file with the module's instructions, `out` its result; the module's `main` takes both.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    libraries, module = sys.argv[1:]
    # This file is lock/foreign/derivation.py below the folder that `lock` is imported from.
    sys.path[:0] = [os.fspath(Path(__file__).parents[2]), libraries]
    from lock.errors import LockError

    spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
    try:
        import_module(f"lock.{module}").main(spec, Path(os.environ["out"]))
    except LockError as error:
        sys.exit(f"wheelhouse: error: {error}")
