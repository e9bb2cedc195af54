"""One step of a build, named on the command line.

The variable `specPath` names the JSON file with the step's instructions, `out` what it makes.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from builder.errors import BuildError

STEPS = ("build", "compose", "imports", "libraries", "report", "unpack")


def run(arguments: list[str]) -> None:
    """Run a step. Raises SystemExit, with a message, where it can't be done."""
    try:
        perform(arguments)
    except BuildError as error:
        sys.exit(f"wheelhouse: error: {error}")
    except OSError as error:
        sys.exit(f"wheelhouse: error: {error}; nothing of the result can be used")


def perform(arguments: list[str]) -> None:
    """Run the step that is named. Raises BuildError where what it was given is wrong."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        raise BuildError(f"one step of {', '.join(STEPS)} was expected, not {arguments}")
    spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
    # Loaded by name, so that a step's imports are paid for by that step alone.
    import_module(f"builder.{arguments[0]}").main(spec, Path(os.environ["out"]))
