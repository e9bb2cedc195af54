"""`lock why NAME [SOURCES]`: by which paths a package gets into the lock."""

import argparse
import json
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.inspection.why import Reasons

DESCRIPTION = """\
Show by which paths a package gets into the lock: from what you ask for, through each package that
needs it; also which builds need it, and why some systems do without it."""
EPILOG = """\
examples:
  lock why idna
  lock why idna locks/3.12.yaml --json

exit status: 0 the lock knows the package, 1 it doesn't, 2 usage.
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = arguments.parser("why", "[OPTION]... NAME [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_name(made)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Prints the paths; the exit code."""
    from lock.inspection import tree, why
    from lock.lockfile import reader
    from lock.pipeline.plan import name_of

    lock = reader.read(parsed.sources)
    found = why.reasons(lock, name_of(parsed.name, "lock why"))
    systems = tuple(lock.systems)
    if parsed.json:
        print(json.dumps(_data(found), indent=2))
        return 0
    for path in found.paths:
        way = " -> ".join(tree.label(step, systems) for step in path.steps)
        print(f"{path.group}: {way}")
    for build in found.builds:
        asked = ", ".join(build.requires)
        print(f"build of {build.package} {build.version} on {', '.join(build.systems)}: {asked}")
    for one in found.left_out:
        print(f"{one.name} {one.version} is left out on {', '.join(one.systems)}: {one.reason}")
    return 0


def _data(found: "Reasons") -> dict[str, object]:
    return {
        "name": found.name,
        "paths": [
            {
                "group": path.group,
                "path": [*map(str, path.steps)],
                "systems": path.steps[-1].systems,
            }
            for path in found.paths
        ],
        "builds": [
            {"package": build.package, "version": build.version, "systems": build.systems}
            for build in found.builds
        ],
        "left-out": [
            {"version": one.version, "systems": one.systems, "reason": one.reason}
            for one in found.left_out
        ],
    }
