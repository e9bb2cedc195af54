"""`lock explain NAME [SOURCES]`: shows which files of a package systems take, and why."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.inspection.explain import Explanation
    from lock.inspection.simple_index import Page
    from lock.lockfile.reader import Lock

DESCRIPTION = """\
Show every file that the index has of a package, whether each system takes it, and why or why not.
Without a version it is the one in the lock. What the lock says that the package needs of the system
comes last."""
EPILOG = """\
examples:
  lock explain numpy
  lock explain numpy==2.3.0 --system aarch64-darwin

exit status: 0 done, 1 the package isn't in the lock, 2 usage or network.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("explain", "[OPTION]... NAME[==VERSION] [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_name(made)
    arguments.add_sources(made)
    arguments.add_systems(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the choices; return the exit code."""
    import os

    from lock.errors import UnsatisfiableError
    from lock.inspection.explain import explain
    from lock.inspection.index_query import query_indexes
    from lock.inspection.why import unknown_package
    from lock.io import progress
    from lock.lockfile import graph, reader

    lock = reader.read(parsed.sources)
    text, _, version = parsed.name.partition("==")
    name = arguments.project_name(text.strip(), "lock explain")
    if name not in lock.by_name:
        raise UnsatisfiableError(unknown_package(lock, name))
    systems = graph.select_systems(lock, parsed.systems or ())
    if any(package.origin for package in lock.by_name[name]):
        return _print_from_nixpkgs(lock, name, systems, as_json=parsed.json)
    shown = progress.status(f"asking the index for {name}")
    with shown, query_indexes(lock, os.environ, name) as query:
        page = query.page(name)
    explanations = explain(lock, name, version.strip(), systems, query.targets, page.files)
    if parsed.json:
        print(json.dumps(_data(lock, name, page, explanations), indent=2))
        return 0
    if page.status:
        print(f"{name} is {page.state}")
    for one in explanations:
        floor = " ".join(next(iter(lock.systems[one.system].items())))
        print(f"{name} {one.version} on {one.system} ({floor}), Python {lock.python}")
        for choice in one.choices:
            print(f"  {'taken  ' if choice.taken else 'refused'}  {choice.name}: {choice.reason}")
        if not one.choices:
            print("  the index has no file of it")
    for version in dict.fromkeys(one.version for one in explanations):
        needs = _needs(lock, name, version)
        if needs:
            print(f"{name} {version} needs of the system")
        for key, listed in needs.items():
            print(f"  {key}: {', '.join(listed)}")
    return 0


def _needs(lock: "Lock", name: str, version: str) -> dict[str, list[str]]:
    """Return what the lock says that a version needs of the system, by the lock's keys."""
    from lock.lockfile import native_section
    from lock.models.needs import SystemNeeds

    return native_section.lists(lock.needs.get((name, version), SystemNeeds()))


def _print_from_nixpkgs(lock: "Lock", name: str, systems: Sequence[str], *, as_json: bool) -> int:
    """Print what is asked of a package that comes from nixpkgs; return the exit code."""
    from lock.commands.why import describe

    found = {system: package for system in systems if (package := lock.on(name, system))}
    if as_json:
        data = {
            system: {
                "from": package.origin,
                "required": [one.data() for one in package.required if system in one.systems],
            }
            for system, package in found.items()
        }
        print(json.dumps({"name": name, "systems": data}, indent=2))
        return 0
    for system, package in found.items():
        print(f"{name} on {system}, Python {lock.python}: nixpkgs has it, and no file is taken")
        for one in package.required:
            if system in one.systems:
                print(f"  {describe(one, one.systems)}")
    return 0


def _data(
    lock: "Lock", name: str, page: "Page", explanations: "Sequence[Explanation]"
) -> dict[str, object]:
    return {
        "name": name,
        **({"status": page.status, "reason": page.reason} if page.status else {}),
        "systems": {
            one.system: {
                "version": one.version,
                "files": [
                    {"name": choice.name, "taken": choice.taken, "reason": choice.reason}
                    for choice in one.choices
                ],
                **({"native": needs} if (needs := _needs(lock, name, one.version)) else {}),
            }
            for one in explanations
        },
    }
