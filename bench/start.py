"""Measure how long programs of an environment take to start, against uv's virtual environment."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted_arguments
from bench.nix import ROOT, Nix
from bench.running import Command, after_warm_up, in_turns, output, wall
from bench.table import Row

# Set → what is started in its environment.
PROGRAMS = {
    "science": {
        "start, `python -c pass`": ("python", "-c", "pass"),
        "start, `import numpy, pandas`": ("python", "-c", "import numpy, pandas"),
        "start, a console script": ("f2py", "-v"),
    },
    "small": {
        "start, `python -c pass`": ("python", "-c", "pass"),
        "start, `import django`": ("python", "-c", "import django"),
        "start, a console script": ("django-admin", "version"),
    },
}


def python(nix: Nix, scratch: Path, name: str) -> Path:
    """Return the interpreter of a set's environment, which is built if needed."""
    environment = output(nix.build("environment", *salted_arguments(scratch, name)))
    return Path(environment) / "bin" / "python"


def driver_row(nix: Nix, scratch: Path, set_name: str, runs: int) -> Row:
    """Measure what a known GPU driver costs a start, against the same set without `driver`."""
    arguments = salted_arguments(scratch, set_name)
    plain, hosted = (
        Path(output(nix.build(attribute, *arguments))) / "bin" / "python"
        for attribute in ("environment", "withHostDriver")
    )
    # It is found and linked as a driver is; no program opens it.
    folder = scratch / "driver"
    folder.mkdir()
    shutil.copy(plain.resolve(), folder / "libcuda.so.1.2.3")
    (folder / "libcuda.so.1").symlink_to("libcuda.so.1.2.3")
    # The six folders before it are those before Debian's.
    variables = {
        "WHEELHOUSE_DRIVER_FOLDERS": ":".join([*(f"/no/{at}" for at in range(6)), str(folder)]),
        "XDG_CACHE_HOME": str(scratch / "cache"),
    }
    commands = [
        Command([program, "-c", "pass"], variables=variables) for program in (hosted, plain)
    ]
    ours, theirs = in_turns(runs, *map(after_warm_up, commands))
    return Row(
        f"start, a known GPU driver, {set_name}",
        "ms",
        wall(ours) * 1000,
        "without `driver`",
        wall(theirs) * 1000,
        wall(theirs) * 1000 + 2,
    )


def rows(nix: Nix, scratch: Path, wheels: Wheels, runs: int) -> Iterator[Row]:
    """Measure programs of the set that `wheels` are of."""
    programs = python(nix, scratch, wheels.name).parent
    venv = wheels.uv_venv(scratch)
    # The wheels that uv installs find no libstdc++ with an interpreter of Nix by themselves.
    libraries = output(nix.command("nix-instantiate", "--eval", ROOT, "-A", "lock.libraries"))
    variables = {"LD_LIBRARY_PATH": libraries.strip('"')}

    for what, (program, *arguments) in PROGRAMS[wheels.name].items():
        with_wheelhouse = Command([programs / program, *arguments])
        with_uv = Command([venv / "bin" / program, *arguments], variables=variables)
        ours, theirs = in_turns(runs, after_warm_up(with_wheelhouse), after_warm_up(with_uv))
        goal = 1.05 * wall(theirs) * 1000
        yield Row(what, "ms", wall(ours) * 1000, "uv's venv", wall(theirs) * 1000, goal)
    yield driver_row(nix, scratch, wheels.name, runs)
