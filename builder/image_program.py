"""Look for the program that an image starts."""

import os
import shutil
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from builder.errors import BuildError


def check_program(image: str, config: Mapping[str, Any]) -> None:
    """Raise BuildError where an image starts a program that it doesn't have.

    `config` is the configuration as an image has it: `Entrypoint`, `Cmd`, `Env`. A program outside
    of the store may come from a volume, and isn't looked for.
    """
    command = [*config["Entrypoint"], *config["Cmd"]]
    if not command:
        return
    program = command[0]
    (path,) = (line.partition("=")[2] for line in config["Env"] if line.startswith("PATH="))
    if os.path.dirname(program):
        if program.startswith("/nix/store/") and not os.access(program, os.X_OK):
            raise BuildError(f"image {image}: there is no program {program}")
    elif shutil.which(program, path=path) is None:
        names = [
            name
            for folder in path.split(os.pathsep)
            if os.path.isdir(folder)
            for name in os.listdir(folder)
        ]
        near = get_close_matches(program, names)
        advice = f"did you mean {' or '.join(near)}?" if near else "give its package in `contents`"
        raise BuildError(f"image {image}: there is no program {program} on its PATH; {advice}")
