"""Bytecode by the target interpreter."""

import os
import subprocess
from pathlib import Path

from builder.errors import BuildError

SCRIPT = "compile_tree.py"


def environment(python: str) -> dict[str, str]:
    """The variables for the compiling process: the order of sets is part of what is written."""
    return {"PYTHONHASHSEED": "0", "PATH": os.path.dirname(python)}


def command(python: str, script: Path, tree: Path) -> list[str]:
    """The command that compiles the `.py` files below `tree` with the interpreter `python`."""
    return [python, "-sSB", os.fspath(script), os.fspath(tree)]


def compile_tree(python: str, tree: Path) -> None:
    """Write `__pycache__` beside every module below `tree` (PEP 3147, PEP 552).

    Raises BuildError where the interpreter itself fails.
    """
    script = Path(__file__).with_name(SCRIPT)
    done = subprocess.run(command(python, script, tree), env=environment(python), check=False)
    if done.returncode != 0:
        raise BuildError(f"{python} could not compile {tree} (exit status {done.returncode})")
