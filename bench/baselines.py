"""What is measured against: uv and Nix as they are here, the rest installed for the occasion."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.nix import ROOT
from bench.running import Command, run

LISTED = ROOT / "bench" / "rivals.txt"
PROGRAMS = ("python", "pip", "pip-compile", "poetry")


def uv() -> Mapping[str, Path]:
    """uv alone."""
    found = shutil.which("uv")
    if found is None:
        raise SystemExit("there is no uv on PATH; scripts/bench puts it there")
    return {"uv": Path(found)}


def install(folder: Path) -> Mapping[str, Path]:
    """Programs by name, in a virtual environment below `folder`."""
    found = uv()
    program = found["uv"]
    run(Command([program, "venv", "--quiet", "--python", sys.executable, folder]))
    run(Command([program, "pip", "install", "--quiet", "--python", folder, "-r", LISTED]))
    return {**found, **{name: folder / "bin" / name for name in PROGRAMS}}
