"""What is measured against: uv and Nix as they are here, the rest installed for the occasion."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.nix import ROOT
from bench.running import Command, run

LISTED = ROOT / "bench" / "rivals.txt"
PROGRAMS = ("python", "pip", "pip-compile", "poetry")


def install(folder: Path) -> Mapping[str, Path]:
    """Programs by name, in a virtual environment below `folder`."""
    uv = shutil.which("uv")
    if uv is None:
        raise SystemExit("there is no uv on PATH; scripts/bench puts it there")
    run(Command([uv, "venv", "--quiet", "--python", sys.executable, folder]))
    run(Command([uv, "pip", "install", "--quiet", "--python", folder, "-r", LISTED]))
    return {"uv": Path(uv), **{name: folder / "bin" / name for name in PROGRAMS}}
