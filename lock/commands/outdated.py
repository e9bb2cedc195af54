"""`lock outdated [SOURCES]`: which packages have newer versions."""

import argparse
import json

from lock.commands import arguments

AT_A_TIME = 16
DESCRIPTION = """\
Show which packages of a lock have newer final versions on their index, for the lock's Python.
`lock --diff --upgrade` shows which of them the requirements let in."""
EPILOG = """\
examples:
  lock outdated
  lock outdated locks/3.12.yaml --json
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = arguments.parser("outdated", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Prints the packages; the exit code."""
    import os

    from packaging.version import Version

    from lock.inspection import outdated
    from lock.inspection.index_query import asking
    from lock.io import parallel, progress
    from lock.lockfile import reader

    lock = reader.read(parsed.sources)
    until = lock.requested.get("exclude-newer", "")
    shown = progress.status(f"asking the index for {len(lock.by_name)} packages")
    with shown, asking(lock, os.environ) as asked:
        names = [*asked.registries]
        newest = parallel.each(
            lambda name: outdated.newest(asked.entries(name), lock.python, until),
            names,
            AT_A_TIME,
        )
    older = [
        (package.name, package.version, version)
        for name, version in sorted(zip(names, newest, strict=True))
        for package in lock.by_name[name]
        if version is not None and Version(package.version) < Version(version)
    ]
    if parsed.json:
        listed = [
            {"name": name, "version": version, "newest": latest} for name, version, latest in older
        ]
        print(json.dumps({"python": lock.python, "outdated": listed}, indent=2))
        return 0
    for name, version, latest in older:
        print(f"{name} {version} -> {latest}")
    return 0
