"""Lay the programs of one package of an environment into a folder of their own."""

import os
import shlex
from pathlib import Path
from typing import Any

from builder.compose import Package, noted_entries, read_notes
from builder.errors import BuildError

# The folder of a wheel's data that other programs look into: man pages, completions, icons.
SHARE = "share"


def main(spec: dict[str, Any], out: Path) -> None:
    """Link the programs and the data of `spec["package"]` into `out`.

    Raises BuildError where the package has no programs, or not the main one.
    """
    name, path = spec["package"]["name"], spec["package"]["path"]
    package = Package(name, path, read_notes(path))
    programs = program_names(package)
    check_main_program(name, programs, spec["mainProgram"])
    environment, shell = spec["environment"], spec["shell"]
    (out / "bin").mkdir(parents=True)
    for program in programs:
        target, file = f"{environment}/bin/{program}", out / "bin" / program
        if shell is None:
            file.symlink_to(target)
        else:
            file.write_text(launcher(shell, environment, target), encoding="utf-8")
            file.chmod(0o755)
    share = f"{path}/wheelhouse/data/{SHARE}"
    if os.path.isdir(share):
        (out / SHARE).symlink_to(share)


def program_names(package: Package) -> list[str]:
    """Return the names of a package's programs, sorted."""
    points = (point["name"] for point in package.notes["entryPoints"])
    return sorted({*points, *(entry.path for entry in noted_entries(package, "scripts"))})


def check_main_program(name: str, programs: list[str], main_program: str) -> None:
    """Raise BuildError unless a package has its main program."""
    if not programs:
        raise BuildError(
            f"{name} has no programs, so no application can be made of it; make an environment of "
            "it with makePythonPypiEnvironment"
        )
    if main_program not in programs:
        raise BuildError(
            f"{name} has no program {main_program}; give one of its own as `mainProgram`: "
            f"{', '.join(programs)}"
        )


def launcher(shell: str, environment: str, program: str) -> str:
    """Return a program that runs another one with what the environment adds to a shell."""
    template = shlex.quote(f"{environment}/template")
    return f'#!{shell}\n. {template}\nexec {shlex.quote(program)} "$@"\n'
