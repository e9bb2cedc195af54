"""The tools that wheelhouse is measured against, beside Nix: uv from PATH, the others installed."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.nix import ROOT
from bench.running import Command, run

REQUIREMENTS = ROOT / "bench" / "baselines.txt"
PROGRAMS = ("python", "pip", "pip-compile", "poetry")


def uv() -> Mapping[str, Path]:
    """Return the path of uv by its name. Raises SystemExit if it isn't on PATH."""
    path = shutil.which("uv")
    if path is None:
        raise SystemExit("there is no uv on PATH; scripts/bench puts it there")
    return {"uv": Path(path)}


def install(folder: Path) -> Mapping[str, Path]:
    """Install the baselines into a new virtual environment; return all programs by name."""
    programs = uv()
    program = programs["uv"]
    run(Command([program, "venv", "--quiet", "--python", sys.executable, folder]))
    run(Command([program, "pip", "install", "--quiet", "--python", folder, "-r", REQUIREMENTS]))
    return {**programs, **{name: folder / "bin" / name for name in PROGRAMS}}
