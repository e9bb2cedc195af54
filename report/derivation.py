"""Writes the report inside its derivation: `derivation.py LIBRARIES`.

LIBRARIES is the folder of the builder, with the libraries that the report imports. The environment
variable `specPath` names the JSON file of lib/derivations/html-report.nix, `out` the result.
"""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # This file is report/derivation.py below the folder that `report` and `lock` are imported from.
    sys.path[:0] = [os.fspath(Path(__file__).parents[1]), sys.argv[1]]
    from lock.errors import LockError
    from report.make import main

    try:
        main(json.loads(Path(os.environ["specPath"]).read_text("utf-8")), Path(os.environ["out"]))
    except LockError as error:
        sys.exit(f"wheelhouse: error: {error}")
