"""`python -sSB FOLDER STEP`: runs one step of a build; the derivation's entry."""

import sys
from importlib import import_module

from builder.lazy_imports import prepare

if __name__ == "__main__":
    prepare()
    # Loaded by name: whatever it imports is to come after.
    import_module("builder.step").run(sys.argv[1:])
