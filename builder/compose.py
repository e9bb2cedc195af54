"""Trees become an environment: a virtual environment in the store."""

import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from builder.collision_policy import tolerated
from builder.errors import BuildError
from builder.interpreter import full_version
from builder.merge import ENVIRONMENT, Content, Link, Merged, Tree, merge, write
from builder.record import Entry, format_record, sha256_entry
from builder.scripts import launcher, with_interpreter
from builder.venv_files import activation_scripts, configuration


@dataclass(frozen=True)
class Package:
    """One unpacked distribution: its path in the store, and what `unpack` noted of it."""

    name: str
    path: str
    summary: dict[str, Any]


@dataclass(frozen=True)
class Target:
    """The environment to be: `prefix` is its own path, `python` the interpreter's.

    `start` is the folder of what starts the interpreter with a library path (libraries.py), if any.
    """

    name: str
    prefix: str
    python: str
    version: str
    site: str
    start: str | None


def main(spec: dict[str, Any], out: Path) -> None:
    """Compose `spec["packages"]` into `out`."""
    target = Target(
        name=spec["name"],
        prefix=os.fspath(out),
        python=spec["python"]["executable"],
        version=spec["python"]["version"],
        site=spec["python"]["sitePackages"],
        start=spec["start"],
    )
    packages = [read_package(entry, target.site) for entry in spec["packages"]]
    check_unique(packages)
    tree = Tree()
    add_environment(tree, target, spec["template"], full_version(target.python))
    for package in packages:
        add_package(tree, package, target)
    add_native(tree, packages, target.site, spec["strict"])
    data = (entry.path for package in packages for entry in noted(package, "data"))
    if not any(path.startswith("lib64/") for path in data):
        tree.put("lib64", Link(ENVIRONMENT, "lib"))
    merged = merge(tree, [*spec["ignoreCollisions"], *tolerated(target.site)])
    refuse_collisions(merged, target.name)
    out.mkdir()
    write(merged, os.fspath(out))


def read_package(entry: dict[str, str], site: str) -> Package:
    """A package's notes. Raises BuildError for a tree made for another Python."""
    path = entry["path"]
    try:
        summary = json.loads(Path(path, "wheelhouse", "package.json").read_text("utf-8"))
    except FileNotFoundError:
        raise BuildError(f"{path} is not a package that wheelhouse unpacked") from None
    if not os.path.isdir(f"{path}/{site}"):
        raise BuildError(f"{entry['name']} was unpacked for another Python: it has no {site}")
    return Package(entry["name"], path, summary)


def check_unique(packages: list[Package]) -> None:
    """Raise BuildError where one distribution is there twice."""
    seen: dict[str, str] = {}
    for package in packages:
        if package.name in seen:
            raise BuildError(
                f"{package.name} is there twice: {seen[package.name]} and {package.path}; "
                "an environment holds one version of each distribution"
            )
        seen[package.name] = package.path


def add_environment(tree: Tree, target: Target, template: str, version: str) -> None:
    """The files of the virtual environment itself."""

    def put(path: str, content: bytes) -> None:
        tree.put(path, Content(ENVIRONMENT, content))

    put("pyvenv.cfg", configuration(os.path.dirname(target.python), version))
    put("template", template.encode())
    for name, content in activation_scripts(target.prefix, target.name).items():
        put(f"bin/{name}", content)
    start = target.python
    lines = startup_line(target.version)
    if target.start is not None:
        start = f"{target.start}/bin/python"
        lines = f"import _wheelhouse_libraries\n{lines}"
        tree.mount(ENVIRONMENT, f"{target.start}/site", target.site)
    for name in ("python", "python3", f"python{target.version}"):
        tree.put(f"bin/{name}", Link(ENVIRONMENT, start))
    put(f"{target.site}/_wheelhouse.pth", lines.encode())
    tree.folder("include")


def startup_line(version: str) -> str:
    """The start-up file: a shell that sourced several environments names their site-packages.

    `site` runs a line of a `.pth` file that begins with `import`. Own packages come first.
    """
    variable = f"WHEELHOUSE_SITE_{version.replace('.', '_')}"
    return (
        "import os, sys; "
        "sys.path.extend(path for path in "
        f"({{}} if sys.flags.ignore_environment else os.environ).get('{variable}', '').split(':') "
        "if path and path not in sys.path)\n"
    )


def add_package(tree: Tree, package: Package, target: Target) -> None:
    """A package's modules, data, headers and programs, and RECORD of all that."""
    extras = f"{package.path}/wheelhouse"
    headers = f"include/site/python{target.version}/{package.name}"
    tree.mount(package.name, f"{package.path}/{target.site}", target.site)
    placed = add_programs(tree, package, target, f"{extras}/scripts")
    for folder, mount in (("data", ""), ("headers", headers)):
        if package.summary[folder]:
            tree.mount(package.name, f"{extras}/{folder}", mount)
            placed += [
                replace(entry, path=os.path.join(mount, entry.path))
                for entry in noted(package, folder)
            ]
    if placed:
        add_record(tree, package, target, placed)


def add_native(tree: Tree, packages: list[Package], site: str, strict: bool) -> None:
    """Real folders where libraries look for those of other packages.

    Raises BuildError where a library is found nowhere and the environment has to be complete.
    """
    if not any(package.summary["native"]["reaches"] for package in packages):
        return
    from builder.library_check import judge, native, real_folders

    natives = [
        native(package.path, package.summary)
        for package in packages
        if package.summary["native"]["folders"]
    ]
    for folder in sorted(real_folders(natives)):
        tree.folder(folder)
    missing = judge(natives, site).missing
    if not missing:
        return
    from builder.report import REMEDY, missing_rows, section

    message = section(f"native libraries are missing; {REMEDY}:", missing_rows(missing)).rstrip()
    if strict:
        raise BuildError(message)
    print(f"wheelhouse: {message}", file=sys.stderr)


def noted(package: Package, place: str) -> list[Entry]:
    """The files that `unpack` put aside at `place`, with their hashes."""
    return [Entry(**entry) for entry in package.summary[place]]


def add_programs(tree: Tree, package: Package, target: Target, scripts: str) -> list[Entry]:
    """The programs of a package; returns their entries, by path from the prefix."""
    python = f"{target.prefix}/bin/python"
    placed: dict[str, Entry] = {}
    for entry_point in package.summary["entryPoints"]:
        name, content = launcher(entry_point, python, package.name)
        placed[name] = sha256_entry(f"bin/{name}", content)
        tree.put(f"bin/{name}", Content(package.name, content, executable=True))
    for entry in noted(package, "scripts"):
        # What a wheel's maker wrote for an entry point of the same name is a launcher, too.
        if entry.path in placed:
            continue
        path = f"bin/{entry.path}"
        rewritten = with_interpreter(f"{scripts}/{entry.path}", python)
        if rewritten is None:
            tree.put(path, Link(package.name, f"{scripts}/{entry.path}"))
            placed[entry.path] = replace(entry, path=path)
        else:
            tree.put(path, Content(package.name, rewritten, executable=True))
            placed[entry.path] = sha256_entry(path, rewritten)
    return list(placed.values())


def add_record(tree: Tree, package: Package, target: Target, placed: list[Entry]) -> None:
    """RECORD, extended by the files outside of site-packages (recording installed projects)."""
    path = f"{target.site}/{package.summary['distInfo']}/RECORD"
    outside = [replace(entry, path=os.path.relpath(entry.path, target.site)) for entry in placed]
    text = format_record(outside).encode() + Path(package.path, path).read_bytes()
    tree.put(path, Content(package.name, text))


def refuse_collisions(merged: Merged, name: str) -> None:
    """Raise BuildError with every path that packages bring differently."""
    if not merged.collisions:
        return
    width = max(len(collision.path) for collision in merged.collisions)
    lines = [
        f"  {collision.path:<{width}}  {' and '.join(collision.owners)}"
        for collision in merged.collisions
    ]
    raise BuildError(
        f'environment "{name}": packages bring different files to the same place:\n'
        + "\n".join(lines)
        + "\nTo let the first of them by name win, list the paths, or globs of them, in "
        "`ignoreCollisions`."
    )
