"""Compare and query the interpreter of an environment."""

import os
import sys

from builder.errors import BuildError


def is_running_interpreter(python: str) -> bool:
    """Return whether an interpreter is the one that runs this process."""
    return os.path.realpath(sys.executable) == os.path.realpath(python)


def full_version(python: str) -> str:
    """Return an interpreter's version, such as "3.11.7". Raises BuildError if it doesn't run."""
    if is_running_interpreter(python):
        return ".".join(map(str, sys.version_info[:3]))
    # Seldom needed, and importing it takes as long as composing a small environment.
    import subprocess

    code = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    done = subprocess.run([python, "-IS", "-c", code], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{python} does not run: {done.stderr.strip()}")
    return done.stdout.strip()
