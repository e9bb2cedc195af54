"""Measure how long programs of an environment take to start, against uv's virtual environment."""

from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted_arguments
from bench.nix import ROOT, Nix
from bench.running import Command, after_warm_up, in_turns, output, wall
from bench.table import Row

PROGRAMS = {
    "start, `python -c pass`": ("python", "-c", "pass"),
    "start, `import numpy, pandas`": ("python", "-c", "import numpy, pandas"),
    "start, a console script": ("f2py", "-v"),
}


def python(nix: Nix, scratch: Path) -> Path:
    """Return the interpreter of the science set's environment, which is built if needed."""
    environment = output(nix.build("environment", *salted_arguments(scratch, "science")))
    return Path(environment) / "bin" / "python"


def rows(nix: Nix, scratch: Path, wheels: Wheels, runs: int) -> Iterator[Row]:
    """Measure programs of the science set; `wheels` are the set's."""
    programs = python(nix, scratch).parent
    venv = wheels.uv_venv(scratch)
    # The wheels that uv installs find no libstdc++ with an interpreter of Nix by themselves.
    libraries = output(nix.command("nix-instantiate", "--eval", ROOT, "-A", "lock.libraries"))
    variables = {"LD_LIBRARY_PATH": libraries.strip('"')}

    for what, (program, *arguments) in PROGRAMS.items():
        with_wheelhouse = Command([programs / program, *arguments])
        with_uv = Command([venv / "bin" / program, *arguments], variables=variables)
        ours, theirs = in_turns(runs, after_warm_up(with_wheelhouse), after_warm_up(with_uv))
        goal = 1.05 * wall(theirs) * 1000
        yield Row(what, "ms", wall(ours) * 1000, "uv's venv", wall(theirs) * 1000, goal)
