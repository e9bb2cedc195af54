"""The interpreter of an environment, which mostly is the one that runs this."""

import os
import sys

from builder.errors import BuildError


def is_this(python: str) -> bool:
    """Whether an interpreter is the one that runs this process."""
    return os.path.realpath(sys.executable) == os.path.realpath(python)


def full_version(python: str) -> str:
    """The three components of an interpreter's version. Raises BuildError where it doesn't run."""
    if is_this(python):
        return ".".join(map(str, sys.version_info[:3]))
    # Imported here because it is seldom needed, and takes as long as a small tree.
    import subprocess

    code = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    done = subprocess.run([python, "-IS", "-c", code], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{python} does not run: {done.stderr.strip()}")
    return done.stdout.strip()
