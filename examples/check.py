"""Run a program, and keep what it prints as the result of a derivation.

An error in the program fails the derivation, with the traceback in its log.
"""

import contextlib
import os
import runpy
import sys
from pathlib import Path

with Path(os.environ["out"]).open("w") as out, contextlib.redirect_stdout(out):
    runpy.run_path(sys.argv[1], run_name="__main__")
