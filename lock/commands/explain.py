"""`lock explain NAME [SOURCES]`: every file of a package, taken or refused, and the reason."""

import argparse
import json
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.inspection.explain import Verdict

DESCRIPTION = """\
Show every file that the index has of a package, whether each system takes it, and why or why not.
Without a version it is the one in the lock."""
EPILOG = """\
examples:
  lock explain numpy
  lock explain numpy==2.3.0 --system aarch64-darwin

exit status: 0 done, 1 the package isn't in the lock, 2 usage or network.
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = arguments.parser("explain", "[OPTION]... NAME[==VERSION] [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_name(made)
    arguments.add_sources(made)
    arguments.add_systems(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Prints the verdicts; the exit code."""
    import os

    from lock.errors import UnsatisfiableError
    from lock.inspection import explain, simple_index, why
    from lock.inspection.index_query import asking
    from lock.io import progress
    from lock.lockfile import graph, reader
    from lock.pipeline.plan import name_of

    lock = reader.read(parsed.sources)
    given, _, version = parsed.name.partition("==")
    name = name_of(given.strip(), "lock explain")
    if name not in lock.by_name:
        raise UnsatisfiableError(why.unknown(lock, name))
    systems = graph.systems_of(lock, parsed.systems or ())
    with progress.status(f"asking the index for {name}"), asking(lock, os.environ, name) as asked:
        entries = asked.entries(name)
    found: dict[tuple[str, str], list[Verdict]] = {}
    for system in systems:
        package = lock.on(name, system)
        if package is None and not version:
            continue
        shown = version.strip() or (package.version if package else "")
        taken = [
            link.name
            for link in lock.links
            if link.package == name and link.version == shown and system in link.systems
        ]
        files = simple_index.of_version(entries, shown)
        found[system, shown] = explain.explain(files, asked.targets[system], taken)
    if parsed.json:
        print(json.dumps(_data(name, found), indent=2))
        return 0
    for (system, shown), verdicts in found.items():
        floor = " ".join(next(iter(lock.systems[system].items())))
        print(f"{name} {shown} on {system} ({floor}), Python {lock.python}")
        for verdict in verdicts:
            print(
                f"  {'taken  ' if verdict.taken else 'refused'}  {verdict.name}: {verdict.reason}"
            )
        if not verdicts:
            print("  the index has no file of it")
    return 0


def _data(name: str, found: "dict[tuple[str, str], list[Verdict]]") -> dict[str, object]:
    return {
        "name": name,
        "systems": {
            system: {
                "version": version,
                "files": [
                    {"name": one.name, "taken": one.taken, "reason": one.reason} for one in verdicts
                ],
            }
            for (system, version), verdicts in found.items()
        },
    }
