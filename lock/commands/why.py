"""`lock why NAME [SOURCES]`: shows by which dependency paths a package gets into the lock."""

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.inspection.why import Reasons
    from lock.lockfile.reader import Required

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
    for one in reasons.required:
        print(describe(one, systems))
    for build in reasons.builds:
        requires = ", ".join(build.requires)
        print(f"build of {build.package} {build.version} on {', '.join(build.systems)}: {requires}")
    for left_out in reasons.left_out:
        version = f"({reasons.origin})" if reasons.origin else left_out.version
        where = ", ".join(left_out.systems)
        print(f"{left_out.name} {version} is left out on {where}: {left_out.reason}")
    return 0


def describe(one: "Required", systems: Sequence[str]) -> str:
    """Return a line with a range that is asked for; `systems` are all of the lock's."""
    asking = f"{one.by} asks" if one.by else "the requirements ask"
    only = "" if len(one.systems) == len(systems) else f"  ({', '.join(one.systems)})"
    return f"{asking} for {one.specifier}{only}"


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
        **({"required": [one.data() for one in reasons.required]} if reasons.origin else {}),
        "builds": [
            {"package": build.package, "version": build.version, "systems": build.systems}
            for build in reasons.builds
        ],
        "left-out": [
            {"version": one.version, "systems": one.systems, "reason": one.reason}
            for one in reasons.left_out
        ],
    }
