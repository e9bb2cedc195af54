"""Evaluate Nix expressions without a flake, as `nix-instantiate` does."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any


def value_of(expression: str, folder: Path | None = None) -> Any:
    """Return the value of an expression, as JSON has it; relative paths begin in `folder`."""
    result = _evaluate(expression, folder)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def error_of(expression: str, folder: Path | None = None) -> str:
    """Return the message of an expression that throws, on one line and without colours."""
    result = _evaluate(expression, folder)
    assert result.returncode != 0, result.stdout
    return re.sub(r"\s+", " ", re.sub("\x1b\\[[0-9;]*m", "", result.stderr))


def _evaluate(expression: str, folder: Path | None) -> subprocess.CompletedProcess[str]:
    program = Path(os.environ.get("WHEELHOUSE_NIX", "nix")).with_name("nix-instantiate")
    return subprocess.run(
        [program, "--eval", "--strict", "--json", "--expr", expression],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
