"""Measure how much of what the lock app takes are its own runs of uv."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path

from bench.running import LAUNCHER, Command, run

AGAINST = "its runs of uv"
# Runs uv, and writes what it took to a file of its own.
SCRIPT = """#!/bin/sh
exec 9> {folder}/$$
exec {python} -IS {launcher} 9 {uv} "$@"
"""


def cpu_of_uv(command: Command, uv: Path, folder: Path) -> float:
    """Run a command of the lock app; return the seconds of CPU time of its runs of uv.

    `folder` is a new one.
    """
    runs = folder / "runs"
    runs.mkdir(parents=True)
    parts = {"folder": runs, "python": sys.executable, "launcher": LAUNCHER, "uv": uv}
    script = folder / "uv"
    script.write_text(SCRIPT.format_map({key: shlex.quote(str(parts[key])) for key in parts}))
    script.chmod(0o755)
    variables = {**(command.variables or {}), "WHEELHOUSE_UV": str(script)}
    run(replace(command, variables=variables))
    return sum(float(file.read_text().split()[1]) for file in runs.iterdir())
