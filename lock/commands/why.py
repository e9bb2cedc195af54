"""`lock why NAME [SOURCES]`: shows by which dependency paths a package gets into the lock."""

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
    """Return the parser of the command's arguments."""
    made = arguments.parser("why", "[OPTION]... NAME [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_name(made)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the paths; return the exit code."""
    from lock.inspection import tree, why
    from lock.lockfile import reader

    lock = reader.read(parsed.sources)
    reasons = why.reasons(lock, arguments.project_name(parsed.name, "lock why"))
    systems = tuple(lock.systems)
    if parsed.json:
        print(json.dumps(_data(reasons), indent=2))
        return 0
    for path in reasons.paths:
        nodes = " -> ".join(tree.label(node, systems) for node in path.nodes)
        print(f"{path.group}: {nodes}")
    for build in reasons.builds:
        requires = ", ".join(build.requires)
        print(f"build of {build.package} {build.version} on {', '.join(build.systems)}: {requires}")
    for one in reasons.left_out:
        print(f"{one.name} {one.version} is left out on {', '.join(one.systems)}: {one.reason}")
    return 0


def _data(reasons: "Reasons") -> dict[str, object]:
    return {
        "name": reasons.name,
        "paths": [
            {
                "group": path.group,
                "path": [*map(str, path.nodes)],
                "systems": path.nodes[-1].systems,
            }
            for path in reasons.paths
        ],
        "builds": [
            {"package": build.package, "version": build.version, "systems": build.systems}
            for build in reasons.builds
        ],
        "left-out": [
            {"version": one.version, "systems": one.systems, "reason": one.reason}
            for one in reasons.left_out
        ],
    }
