"""Run a Python program, and write its output to `$out`, the output path of a derivation.

If the program raises an exception, the derivation fails, and its log has the traceback.
"""

import contextlib
import os
import runpy
import sys
from pathlib import Path

with Path(os.environ["out"]).open("w") as out, contextlib.redirect_stdout(out):
    runpy.run_path(sys.argv[1], run_name="__main__")
