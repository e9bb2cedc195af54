"""How soon a program of an environment runs: against uv's virtual environment."""

from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted
from bench.nix import ROOT, Nix
from bench.running import Command, output, repeated, side_by_side, wall
from bench.table import Row

PROGRAMS = {
    "start, `python -c pass`": ("python", "-c", "pass"),
    "start, `import numpy, pandas`": ("python", "-c", "import numpy, pandas"),
    "start, a console script": ("f2py", "-v"),
}


def python(nix: Nix, scratch: Path) -> Path:
    """The interpreter of the science set's environment."""
    return Path(output(nix.build("environment", *salted(scratch, "science")))) / "bin" / "python"


def rows(nix: Nix, scratch: Path, found: Wheels, runs: int) -> Iterator[Row]:
    """Programs of the science set; `found` are its files."""
    programs = python(nix, scratch).parent
    venv = found.kept(scratch)
    # uv's wheels find no libstdc++ on Nix by themselves.
    libraries = output(nix.command("nix-instantiate", "--eval", ROOT, "-A", "lock.libraries"))
    given = {"LD_LIBRARY_PATH": libraries.strip('"')}

    for what, (program, *arguments) in PROGRAMS.items():
        own = Command([programs / program, *arguments])
        other = Command([venv / "bin" / program, *arguments], variables=given)
        ours, theirs = side_by_side(runs, repeated(own), repeated(other))
        most = 1.05 * wall(theirs) * 1000
        yield Row(what, "ms", wall(ours) * 1000, "uv's venv", wall(theirs) * 1000, most)
