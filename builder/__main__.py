"""`python -EsSB FOLDER COMMAND [SPEC]`: runs one step of a build; the derivation's entry."""

import json
import os
import sys
from pathlib import Path

from builder.errors import BuildError

if __name__ == "__main__":
    # Loaded by name, so that a step's imports are paid for by that step alone.
    command, *rest = sys.argv[1:]
    spec = json.loads(Path(rest[0] if rest else os.environ["specPath"]).read_text("utf-8"))
    try:
        match command:
            case "unpack":
                from builder.unpack import main
            case "compose":
                from builder.compose import main
            case "foreign":
                from builder.foreign import main
            case _:
                raise BuildError(f"there is no step {command!r}")
        main(spec, Path(os.environ["out"]))
    except BuildError as error:
        sys.exit(f"wheelhouse: error: {error}")
