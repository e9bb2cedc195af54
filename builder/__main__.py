"""Run one step of a build: `python -sSB FOLDER STEP`, the program of the derivations."""

import sys
from importlib import import_module

from builder import lazy_imports

if __name__ == "__main__":
    lazy_imports.install()
    # A module that is imported before the finder is installed can't be lazy.
    import_module("builder.step").run(sys.argv[1:])
