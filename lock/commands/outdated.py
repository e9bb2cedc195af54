"""`lock outdated [SOURCES]`: shows which packages have newer versions."""

import argparse
import json

from lock.commands import arguments

DESCRIPTION = """\
Show which packages of a lock have newer final versions on their index, for the lock's Python, and
which projects their index calls archived, deprecated or quarantined.
`lock --diff --upgrade` shows which of them the requirements let in."""
EPILOG = """\
examples:
  lock outdated
  lock outdated locks/3.12.yaml --json

exit status: 0 done, 2 usage or network; the other packages are shown all the same.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("outdated", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Print the packages; return the exit code."""
    import os
    import sys
    from dataclasses import asdict

    from lock.inspection.index_query import query_indexes
    from lock.inspection.outdated import outdated
    from lock.io import progress
    from lock.lockfile import reader

    lock = reader.read(parsed.sources)
    shown = progress.status(f"asking the index for {len(lock.by_name)} packages")
    with shown, query_indexes(lock, os.environ) as query:
        found = outdated(query)
    for one in found.unknown:
        print(one.problem, file=sys.stderr)
    if parsed.json:
        data = {
            "python": lock.python,
            "outdated": [asdict(package) for package in found.outdated],
            "inactive": [asdict(one) for one in found.inactive],
            "unknown": [asdict(one) for one in found.unknown],
        }
        print(json.dumps(data, indent=2))
    else:
        for package in found.outdated:
            print(f"{package.name} {package.version} -> {package.newest}")
        for state in found.inactive:
            print(f"{state.name} is {state.state}")
    return 2 if found.unknown else 0
