"""Compose packages into an environment: a virtual environment in the store."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.collision_policy import ignored_globs
from builder.errors import BuildError
from builder.interpreter import full_version
from builder.merge import (
    ENVIRONMENT,
    GeneratedFile,
    Link,
    MergedTree,
    Tree,
    merge,
    write_tree,
)
from builder.record import Entry, format_record, sha256_entry
from builder.scripts import build_launcher, replace_shebang
from builder.startup import startup_files
from builder.venv_files import activation_scripts, python_names, pyvenv_cfg


@dataclass(frozen=True)
class Package:
    """An unpacked distribution: its store path, and what `unpack` noted of it."""

    name: str
    path: str
    notes: dict[str, Any]
    # The source that it was built of, if its modules are to be those of a working tree.
    source: str | None = None


@dataclass(frozen=True)
class Target:
    """The environment to write.

    `prefix` is its own path, `python` the interpreter's, `site` site-packages relative to the
    prefix. `wrapper` is the folder of the program that starts the interpreter with a library path
    (runtime/interpreter.c), None if the environment needs none.
    """

    name: str
    prefix: str
    python: str
    version: str
    site: str
    wrapper: str | None


def main(spec: dict[str, Any], out: Path) -> None:
    """Compose `spec["packages"]` into `out`."""
    target = Target(
        name=spec["name"],
        prefix=os.fspath(out),
        python=spec["python"]["executable"],
        version=spec["python"]["version"],
        site=spec["python"]["sitePackages"],
        wrapper=spec["start"],
    )
    packages = [read_package(entry, target.site) for entry in spec["packages"]]
    check_unique(packages)
    version = full_version(target.python)
    if any(package.notes.get("requires") for package in packages):
        from builder.requirement_check import check_requirements

        check_requirements(packages, version, spec["strict"])
    tree = Tree()
    add_venv_files(tree, target, spec["template"], version)
    for package in packages:
        add_package(tree, package, target)
    if any(package.source for package in packages):
        add_editable(tree, packages, target, spec["editableModule"])
    if "variables" in spec:
        from builder.variables import add_variables

        variables, module = spec["variables"], spec["variablesModule"]
        add_variables(tree, variables, module, target.site, target.version)
    connect_native_libraries(tree, packages, target.site, spec["strict"])
    data = (entry.path for package in packages for entry in noted_entries(package, "data"))
    if not any(path.startswith("lib64/") for path in data):
        tree.add_file("lib64", Link(ENVIRONMENT, "lib"))
    merged = merge(tree, [*spec["ignoreCollisions"], *ignored_globs(target.site)])
    refuse_collisions(merged, packages, target)
    out.mkdir()
    write_tree(merged, os.fspath(out))


def read_package(entry: dict[str, str], site: str) -> Package:
    """Read a package's notes. Raises BuildError if it was unpacked for another Python."""
    path = entry["path"]
    notes = read_notes(path)
    if not os.path.isdir(f"{path}/{site}"):
        raise BuildError(f"{entry['name']} was unpacked for another Python: it has no {site}")
    return Package(entry["name"], path, notes, entry.get("editable"))


def read_notes(path: str) -> dict[str, Any]:
    """Return what `unpack` noted of the package at a path. Raises BuildError if it is none."""
    try:
        notes = json.loads(Path(path, "wheelhouse", "package.json").read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{path} is not a package that wheelhouse unpacked") from None
    return dict(notes)


def check_unique(packages: list[Package]) -> None:
    """Raise BuildError if there are two packages of one distribution."""
    paths: dict[str, str] = {}
    for package in packages:
        if package.name in paths:
            raise BuildError(
                f"{package.name} is there twice: {paths[package.name]} and {package.path}; "
                "an environment holds one version of each distribution"
            )
        paths[package.name] = package.path


def add_venv_files(tree: Tree, target: Target, template: str, version: str) -> None:
    """Add the files of the virtual environment itself."""

    def add(path: str, content: bytes) -> None:
        tree.add_file(path, GeneratedFile(ENVIRONMENT, content))

    add("pyvenv.cfg", pyvenv_cfg(os.path.dirname(target.python), version))
    add("template", template.encode())
    for name, content in activation_scripts(target.prefix, target.name).items():
        add(f"bin/{name}", content)
    program = target.python
    lines = startup_line(target.version)
    if target.wrapper is not None:
        program = f"{target.wrapper}/bin/python"
        lines = f"import _wheelhouse_libraries\n{lines}"
        tree.add_source(ENVIRONMENT, f"{target.wrapper}/site", target.site)
    for name in python_names(target.version):
        tree.add_file(f"bin/{name}", Link(ENVIRONMENT, program))
    add_startup_files(tree, "_wheelhouse", lines, target)
    tree.ensure_folder("include")


def startup_line(version: str) -> str:
    """Return the line that adds the site-packages of other environments at the start.

    A shell that sourced the templates of several environments names their site-packages in a
    variable. They come after the environment's own.
    """
    variable = f"WHEELHOUSE_SITE_{version.replace('.', '_')}"
    return (
        "import os, sys; "
        "sys.path.extend(path for path in "
        f"({{}} if sys.flags.ignore_environment else os.environ).get('{variable}', '').split(':') "
        "if path and path not in sys.path)\n"
    )


def add_startup_files(tree: Tree, stem: str, lines: str, target: Target) -> None:
    """Add files to site-packages by which the interpreter runs lines when it starts."""
    for name, content in startup_files(stem, lines, target.version).items():
        tree.add_file(f"{target.site}/{name}", GeneratedFile(ENVIRONMENT, content.encode()))


def add_package(tree: Tree, package: Package, target: Target) -> None:
    """Add a package's modules, data, headers and programs, and a RECORD that lists them all."""
    extras = f"{package.path}/wheelhouse"
    headers = f"include/site/python{target.version}/{package.name}"
    if package.source is None:
        tree.add_source(package.name, f"{package.path}/{target.site}", target.site)
    else:
        dist_info = f"{target.site}/{package.notes['distInfo']}"
        tree.add_source(package.name, f"{package.path}/{dist_info}", dist_info)
    entries = add_programs(tree, package, target, f"{extras}/scripts")
    for scheme, destination in (("data", ""), ("headers", headers)):
        if package.notes[scheme]:
            tree.add_source(package.name, f"{extras}/{scheme}", destination)
            entries += [
                entry.moved(os.path.join(destination, entry.path))
                for entry in noted_entries(package, scheme)
            ]
    # A package of the package set may be no distribution, or have an `.egg-info`.
    if entries and package.notes["distInfo"] is not None:
        add_record(tree, package, target, entries)


def add_editable(tree: Tree, packages: list[Package], target: Target, module: str) -> None:
    """Add the start-up module that finds the modules of editable projects in a working tree."""
    from builder.editable import check_found, describe, format_projects

    projects = []
    for package in packages:
        if package.source is not None:
            project = describe(package.name, f"{package.path}/{target.site}", package.source)
            check_found(project)
            projects.append(project)
            for name in project.built_only:
                built = Link(package.name, f"{package.path}/{target.site}/{name}")
                tree.add_file(f"{target.site}/{name}", built)
    text = format_projects(projects, Path(module).read_text("utf-8")).encode()
    tree.add_file(f"{target.site}/_wheelhouse_editable.py", GeneratedFile(ENVIRONMENT, text))
    # It comes before the file that adds other environments.
    add_startup_files(tree, "_wheelhouse_editable", "import _wheelhouse_editable\n", target)


def connect_native_libraries(tree: Tree, packages: list[Package], site: str, strict: bool) -> None:
    """Let native libraries find those of other packages, and check that none is missing.

    Raises BuildError for a missing library if `strict` is set, else prints a warning.
    """
    if not any(package.notes["native"]["externalNeeds"] for package in packages):
        return
    from builder.library_check import check_libraries, native_package, real_folders

    native_packages = [
        native_package(package.path, package.notes)
        for package in packages
        if package.notes["native"]["folders"]
    ]
    for folder in sorted(real_folders(native_packages)):
        tree.ensure_folder(folder)
    missing = check_libraries(native_packages, site).missing
    if not missing:
        return
    from builder.missing_libraries import describe_missing_libraries

    message = describe_missing_libraries(missing, with_plugins=strict)
    if strict:
        raise BuildError(message)
    print(f"wheelhouse: {message}", file=sys.stderr)


def noted_entries(package: Package, scheme: str) -> list[Entry]:
    """Return RECORD entries of the files that `unpack` put outside of site-packages.

    `scheme` is one of scripts, data and headers; paths are relative to its folder.
    """
    return [Entry(**entry) for entry in package.notes[scheme]]


def add_programs(tree: Tree, package: Package, target: Target, scripts: str) -> list[Entry]:
    """Add the programs of a package; return their entries, with paths relative to the prefix.

    `scripts` is the folder of the scripts in its wheel.
    """
    python = f"{target.prefix}/bin/python"
    entries: dict[str, Entry] = {}
    for entry_point in package.notes["entryPoints"]:
        name, content = build_launcher(entry_point, python, package.name)
        entries[name] = sha256_entry(f"bin/{name}", content)
        tree.add_file(f"bin/{name}", GeneratedFile(package.name, content, executable=True))
    for entry in noted_entries(package, "scripts"):
        # A script with the name of an entry point is a launcher that the build backend wrote.
        if entry.path in entries:
            continue
        path = f"bin/{entry.path}"
        rewritten = replace_shebang(f"{scripts}/{entry.path}", python)
        if rewritten is None:
            tree.add_file(path, Link(package.name, f"{scripts}/{entry.path}"))
            entries[entry.path] = entry.moved(path)
        else:
            tree.add_file(path, GeneratedFile(package.name, rewritten, executable=True))
            entries[entry.path] = sha256_entry(path, rewritten)
    return list(entries.values())


def add_record(tree: Tree, package: Package, target: Target, entries: list[Entry]) -> None:
    """Add RECORD with entries of files outside of site-packages (recording installed projects)."""
    path = f"{target.site}/{package.notes['distInfo']}/RECORD"
    outside = [entry.moved(os.path.relpath(entry.path, target.site)) for entry in entries]
    text = format_record(outside).encode() + Path(package.path, path).read_bytes()
    tree.add_file(path, GeneratedFile(package.name, text))


def refuse_collisions(merged: MergedTree, packages: Sequence[Package], target: Target) -> None:
    """Raise BuildError if there are collisions, naming all of them."""
    if not merged.collisions:
        return
    from builder.collision_error import format_collisions

    raise BuildError(
        f'environment "{target.name}": packages bring different files to the same place:\n'
        + format_collisions(merged.collisions, packages, target.site, target.version)
    )
