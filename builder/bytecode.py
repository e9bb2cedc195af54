"""Compile bytecode with the interpreter that an environment is for."""

import os
import sys
from pathlib import Path

from builder import compile_tree as compile_script
from builder.errors import BuildError
from builder.interpreter import is_running_interpreter


def compile_tree(python: str, tree: Path) -> None:
    """Write `__pycache__` beside every module below `tree` (PEP 3147, PEP 552).

    Raises BuildError if the interpreter itself fails.
    """
    if can_compile_in_process(python):
        compile_script.main(os.fspath(tree))
    else:
        compile_in_subprocess(python, tree)


def can_compile_in_process(python: str) -> bool:
    """Return whether this process writes the bytes that a new process of `python` would write.

    Bytecode contains sets in their iteration order, which depends on hash randomization.
    """
    return is_running_interpreter(python) and sys.flags.hash_randomization == 0


def compile_in_subprocess(python: str, tree: Path) -> None:
    """Compile in a new process of the interpreter. Raises BuildError if it fails."""
    # Importing it takes longer than compiling a small tree.
    import subprocess

    done = subprocess.run(
        [python, "-sSB", compile_script.__file__, os.fspath(tree)],
        env={
            "NIX_BUILD_CORES": os.environ.get("NIX_BUILD_CORES", "1"),
            "PATH": os.path.dirname(python),
            "PYTHONHASHSEED": "0",
        },
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(f"{python} could not compile {tree} (exit status {done.returncode})")
