"""`python -sSB FOLDER STEP`: runs one step of a build; the derivation's entry.

The variable `specPath` names the JSON file with the step's instructions, `out` what it makes.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from builder.errors import BuildError

STEPS = ("build", "compose", "imports", "libraries", "report", "unpack")


def main(arguments: list[str]) -> None:
    """Run the step that is named. Raises BuildError where what it was given is wrong."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        raise BuildError(f"one step of {', '.join(STEPS)} was expected, not {arguments}")
    spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
    # Loaded by name, so that a step's imports are paid for by that step alone.
    import_module(f"builder.{arguments[0]}").main(spec, Path(os.environ["out"]))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BuildError as error:
        sys.exit(f"wheelhouse: error: {error}")
    except OSError as error:
        sys.exit(f"wheelhouse: error: {error}; nothing of the result can be used")
