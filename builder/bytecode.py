"""Bytecode by the target interpreter."""

import os
import sys
from pathlib import Path

from builder import compile_tree as script
from builder.errors import BuildError
from builder.interpreter import is_this


def compile_tree(python: str, tree: Path) -> None:
    """Write `__pycache__` beside every module below `tree` (PEP 3147, PEP 552).

    Raises BuildError where the interpreter itself fails.
    """
    if serves(python):
        script.main(os.fspath(tree))
    else:
        compile_apart(python, tree)


def serves(python: str) -> bool:
    """Whether this very process writes what the interpreter `python` would write in one of its own.

    The order of sets is part of what is written.
    """
    return is_this(python) and sys.flags.hash_randomization == 0


def compile_apart(python: str, tree: Path) -> None:
    """Compile in a process of the interpreter. Raises BuildError where it fails."""
    # Imported here because it takes longer than a small tree.
    import subprocess

    done = subprocess.run(
        [python, "-sSB", script.__file__, os.fspath(tree)],
        env={
            "NIX_BUILD_CORES": os.environ.get("NIX_BUILD_CORES", "1"),
            "PATH": os.path.dirname(python),
            "PYTHONHASHSEED": "0",
        },
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(f"{python} could not compile {tree} (exit status {done.returncode})")
