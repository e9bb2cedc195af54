"""Run a command of an environment on a project's folder, but on its built modules."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from builder.build import copy_project
from builder.editable import describe
from builder.errors import BuildError


def main(spec: dict[str, Any], out: Path) -> None:
    """Run `spec["command"]` in a copy of `spec["source"]`, and write what it prints to `out`.

    Raises BuildError where it fails.
    """
    project = copy_project(Path(spec["source"]), Path.cwd() / "project")
    package = spec["package"]
    remove_modules(
        project, package["name"], f"{package['path']}/{spec['sitePackages']}", package["source"]
    )
    programs = [f"{spec['environment']}/bin", *spec["programs"]]
    home = Path.cwd() / "home"
    home.mkdir()
    variables = {
        **os.environ,
        "HOME": os.fspath(home),
        "PATH": os.pathsep.join(programs),
        "VIRTUAL_ENV": spec["environment"],
        **spec["variables"],
    }
    # The builder's own settings are no business of the command.
    for name in ("PYTHONHASHSEED", "specPath", "out"):
        variables.pop(name, None)
    command = spec["command"]
    program = shutil.which(command[0], path=variables["PATH"])
    if program is None:
        raise BuildError(
            f"{package['name']}: there is no program {command[0]} in the environment; name the "
            "group that has it in `groups`, or a package of the package set in `packages`"
        )
    with out.open("wb") as log:
        process = subprocess.Popen(
            [program, *command[1:]],
            cwd=project,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
    if process.wait() != 0:
        raise BuildError(
            f"{package['name']}: `{' '.join(command)}` ended with {process.returncode}; the lines "
            "above say why"
        )


def remove_modules(project: Path, name: str, site: str, source: str) -> None:
    """Remove from a copy of a project's folder the modules that were built of it.

    What has tests among its modules stays, since these are run from there.
    """
    described = describe(name, site, source)
    for root in described.roots:
        for entry in os.listdir(site):
            path = project / root / entry
            if path.is_dir() and not has_tests(path):
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()


def has_tests(folder: Path) -> bool:
    """Return whether files that pytest collects, or configures itself by, are below a folder."""
    return any(
        name == "conftest.py" or name.startswith("test_") or name.endswith("_test.py")
        for _, _, names in os.walk(folder)
        for name in names
        if name.endswith(".py")
    )
