"""Lay the programs of one package of an environment into a folder of their own.

Projects are a layer on the environment of what they depend on, so that a changed project costs no
new composition of all the others.
"""

import os
import shlex
from pathlib import Path
from typing import Any

from builder.collision_policy import ignored_globs
from builder.compose import (
    Package,
    Target,
    add_package,
    add_startup_files,
    noted_entries,
    read_notes,
    read_package,
    refuse_collisions,
)
from builder.errors import BuildError
from builder.merge import ENVIRONMENT, GeneratedFile, Link, MergedTree, Tree, merge, write_tree
from builder.venv_files import python_names

# The folder of a wheel's data that other programs look into: man pages, completions, icons.
SHARE = "share"
# Where the layer of the projects lies, out of sight.
LAYER = "libexec"


def main(spec: dict[str, Any], out: Path) -> None:
    """Link the programs and the data of `spec["package"]` into `out`.

    Raises BuildError where the package has no programs, or not the main one.
    """
    name, path = spec["package"]["name"], spec["package"]["path"]
    package = Package(name, path, read_notes(path))
    programs = program_names(package)
    check_main_program(name, programs, spec["mainProgram"])
    environment = spec["environment"]
    if spec["projects"]:
        prefix = out / LAYER / name
        write_layer(spec, prefix)
        environment = os.fspath(prefix)
    (out / "bin").mkdir(parents=True)
    for program in programs:
        target, file = f"{environment}/bin/{program}", out / "bin" / program
        if spec["shell"] is None:
            file.symlink_to(target)
        else:
            file.write_text(launcher(spec["shell"], spec["environment"], target), encoding="utf-8")
            file.chmod(0o755)
    share = f"{path}/wheelhouse/data/{SHARE}"
    if os.path.isdir(share):
        (out / SHARE).symlink_to(share)


def write_layer(spec: dict[str, Any], prefix: Path) -> None:
    """Write a virtual environment of projects, which sees another environment behind them.

    Raises BuildError where a project and a package of that environment have different files at one
    place.
    """
    environment, python = spec["environment"], spec["python"]
    site = python["sitePackages"]
    target = Target(
        prefix.name, os.fspath(prefix), python["executable"], python["version"], site, None
    )
    projects = [read_package(entry, site) for entry in spec["projects"]]
    ignored = [*spec["ignoreCollisions"], *ignored_globs(site)]
    behind = collisions_behind(projects, f"{environment}/{site}", site, ignored)
    refuse_collisions(behind, projects, target)
    tree = Tree()
    for project in projects:
        add_package(tree, project, target)
    configuration = Path(environment, "pyvenv.cfg").read_bytes()
    tree.add_file("pyvenv.cfg", GeneratedFile(ENVIRONMENT, configuration))
    for name in python_names(target.version):
        tree.add_file(f"bin/{name}", Link(ENVIRONMENT, f"{environment}/bin/python"))
    if any(project.notes["native"]["externalNeeds"] for project in projects):
        # Their libraries are looked for beside them, so that all packages have to stand there.
        tree.add_source("dependencies", f"{environment}/{site}", site)
    else:
        line = f"import site; site.addsitedir({f'{environment}/{site}'!r})\n"
        add_startup_files(tree, "_wheelhouse_layer", line, target)
    merged = merge(tree, ignored)
    refuse_collisions(merged, projects, target)
    prefix.mkdir(parents=True)
    write_tree(merged, os.fspath(prefix))


def collisions_behind(
    projects: list[Package], behind: str, site: str, ignored: list[str]
) -> MergedTree:
    """Return the collisions of projects with the packages of another site-packages."""
    tree = Tree()
    for project in projects:
        folder = f"{project.path}/{site}"
        if any(os.path.exists(f"{behind}/{name}") for name in os.listdir(folder)):
            tree.add_source(project.name, folder, site)
    if not tree.folders:
        return MergedTree((), ())
    tree.add_source("its dependencies", behind, site)
    return merge(tree, ignored)


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
