"""Find the interpreters of this machine, for which the builder must work."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.support.builder_steps import RUNNING_PYTHON, Interpreter

MINORS = range(8, 20)
# Folders of programs of further ones, which the machine itself doesn't have (scripts/test).
FURTHER = "WHEELHOUSE_NEWEST_PYTHONS"


@cache
def interpreters() -> list[Interpreter]:
    """Return one interpreter of each minor version, the running one among them."""
    by_version = {RUNNING_PYTHON.version: RUNNING_PYTHON}
    for version in (f"3.{minor}" for minor in MINORS):
        candidates = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        for path in (None, os.environ.get(FURTHER)):
            if found := shutil.which(f"python{version}", path=path):
                candidates.append(Path(found))
        for candidate in candidates:
            if version not in by_version and (path := executable_of(candidate, version)):
                by_version[version] = Interpreter(path, version)
    return [by_version[version] for version in sorted(by_version, key=lambda text: int(text[2:]))]


def or_skipped(parameters: Sequence[Any], values: int = 1) -> list[Any]:
    """Return parameters of a test, of so many values each; a skipped one where there are none.

    The machine may lack the interpreters, and pytest refuses to collect a test without parameters.
    """
    missing = pytest.mark.skip(reason="this machine lacks the interpreters (scripts/test has them)")
    return list(parameters) or [pytest.param(*[None] * values, marks=missing, id="none")]


def executable_of(program: Path, version: str) -> str | None:
    """Return the path of the interpreter that a program starts (pyenv's shims are scripts).

    None if the program fails, or if the interpreter has another version.
    """
    code = "import sys; print(*sys.version_info[:2], sep='.'); print(sys.executable)"
    done = subprocess.run(
        [program, "-I", "-c", code], capture_output=True, text=True, check=False, cwd="/"
    )
    lines = done.stdout.splitlines()
    return lines[1] if done.returncode == 0 and lines[0] == version else None
