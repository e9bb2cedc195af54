"""`lock tree [SOURCES]`: shows the packages as a tree of dependencies."""

import argparse
import json

from lock.commands import arguments

DESCRIPTION = "Show what the lock has as a tree: what is asked for, what that needs, and so on."
EPILOG = """\
(*) marks a package whose own dependencies are shown elsewhere.

examples:
  lock tree
  lock tree --depth 0
  lock tree --group dev --system x86_64-linux locks/3.12.yaml
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("tree", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_groups(made)
    arguments.add_systems(made)
    made.add_argument(
        "--depth", type=arguments.count, metavar="N", help="show N levels below what is asked for"
    )
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the tree; return the exit code."""
    from lock.inspection import tree
    from lock.lockfile import graph, reader

    lock = reader.read(parsed.sources)
    systems = graph.select_systems(lock, parsed.systems or ())
    groups = graph.select_groups(lock, parsed.groups)
    trees = tree.trees(lock, groups, systems, parsed.depth)
    if parsed.json:
        data = {group: [branch.data() for branch in branches] for group, branches in trees.items()}
        print(json.dumps({"python": lock.python, "groups": data}, indent=2))
        return 0
    for group, branches in trees.items():
        print(group)
        for line in tree.lines(branches, systems):
            print(line)
    return 0
