"""Runs a module of the lock app inside a derivation, by path: `derivation.py LIBRARIES MODULE`.

LIBRARIES is the folder of what it stands on. The variable `specPath` names the JSON file with the
module's instructions, `out` what it makes; its `main` takes both.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    folder, module = sys.argv[1:]
    # The program's folder is `lock` in its parent.
    sys.path[:0] = [os.fspath(Path(__file__).parents[2]), folder]
    from lock.errors import LockError

    spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
    try:
        import_module(f"lock.{module}").main(spec, Path(os.environ["out"]))
    except LockError as error:
        sys.exit(f"wheelhouse: error: {error}")
