"""Run one step of a build, named on the command line.

The environment variable `specPath` names the JSON file with the step's instructions, `out` the path
of its result.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from builder.errors import BuildError

STEPS = (
    "adopt",
    "application",
    "build",
    "check",
    "compose",
    "finish",
    "image",
    "image_archive",
    "imports",
    "layer",
    "libraries",
    "report",
    "script",
    "unpack",
)


def run(arguments: list[str]) -> None:
    """Run the step that the arguments name, and end this process.

    Raises SystemExit with a message if the step fails.
    """
    try:
        run_step(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BuildError as error:
        sys.exit(f"wheelhouse: error: {error}")
    except OSError as error:
        sys.exit(f"wheelhouse: error: {error}; nothing of the result can be used")
    # All files are closed. Freeing every object would take longer than unpacking a small wheel.
    os._exit(0)


def run_step(arguments: list[str]) -> None:
    """Run the step that the arguments name. Raises BuildError if they or its input are wrong."""
    if len(arguments) != 1 or arguments[0] not in STEPS:
        raise BuildError(f"one step of {', '.join(STEPS)} was expected, not {arguments}")
    spec = json.loads(Path(os.environ["specPath"]).read_text("utf-8"))
    # Imported by name, so that a step imports only what it needs itself.
    import_module(f"builder.{arguments[0]}").main(spec, Path(os.environ["out"]))
