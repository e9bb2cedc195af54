"""`lock fetch [SOURCES]`: downloads the files of a lock into the Nix store, ahead of builds."""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lock.commands import arguments

if TYPE_CHECKING:
    from lock.fetching.fetch import Fetched
    from lock.lockfile.reader import Link, Lock

DESCRIPTION = """\
Download every file of a lock that this machine's builds need into the Nix store, where they find it
and download nothing. Files that are there aren't downloaded; after an interruption the next run
goes on where this one ended."""
EPILOG = """\
examples:
  lock fetch
  lock fetch locks/3.12.yaml --group default --group dev
  lock fetch --system aarch64-linux --system x86_64-linux --json

exit status: 0 every file is there, 1 some file isn't as the lock says or is gone, 2 usage, network
or disk.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    made = arguments.parser("fetch", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    made.add_argument(
        "--system",
        action="append",
        dest="systems",
        metavar="SYSTEM",
        help="for builds of this Nix system, such as x86_64-linux; may be repeated (default: this "
        "machine's)",
    )
    arguments.add_groups(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Fetch the files, and print what couldn't be had; return the exit code."""
    from lock.fetching import fetch
    from lock.io import progress
    from lock.io.messages import count
    from lock.lockfile import graph, reader
    from lock.lockfile.files import needed_files

    lock = reader.read(parsed.sources)
    systems = graph.select_systems(lock, parsed.systems or [_this_system(lock)])
    links = needed_files(lock, systems, parsed.groups)
    of_builder = [reader.read(file) for file in _builder_locks(lock.python, os.environ)]
    further = [link for one in of_builder for link in needed_files(one, systems)]
    planned = fetch.plan([*links, *further], os.environ)
    text = f"fetching {count(len(planned.missing), 'file')}"
    with progress.bar(text, planned.size) as advance:
        results = fetch.fetch(planned, [lock, *of_builder], os.environ, advance)
    failures = [result for result in results if result.problem]
    for result in failures:
        print(result.problem, file=sys.stderr)
    if parsed.json:
        print(json.dumps({"files": [_data(result) for result in results]}, indent=2))
    else:
        print(_summary(results), file=sys.stderr)
    _tell_repositories(links)
    if any(result.is_wrong for result in failures):
        return 1
    return 2 if failures else 0


def _summary(results: "Sequence[Fetched]") -> str:
    """Return the last line of a run: how many files are there, and what to do about others."""
    from lock.io.messages import count

    there = sum(result.was_there for result in results)
    failures = [result for result in results if result.problem]
    fetched = len(results) - there - len(failures)
    text = f"fetched: {count(fetched, 'file')}; {there} {'was' if there == 1 else 'were'} there"
    if not failures:
        return text
    advice = (
        "lock again to take what the index has now"
        if any(result.is_wrong for result in failures)
        else "run it again for the rest"
    )
    return f"{text}; {len(failures)} failed: {advice}"


def _this_system(lock: "Lock") -> str:
    """Return the system of this machine in a lock: that of glibc where both kinds are.

    Raises UsageError where there is none.
    """
    from lock.errors import UsageError
    from lock.models.target import SYSTEMS

    here = [name for name in lock.systems if name in SYSTEMS and SYSTEMS[name].is_here]
    if not here:
        raise UsageError(
            f"{lock.file}: it isn't for this machine, only for {', '.join(lock.systems)}; name "
            "one of them with --system"
        )
    return min(here, key=len)


def _builder_locks(python: str, environment: Mapping[str, str]) -> list[Path]:
    """Return the locks of the builder, which every build runs: that of a Python, else all.

    The builder runs on the package set's Python where it can't run on the environment's.
    """
    beside = Path(__file__).parents[2] / "builder" / "sources"
    named = environment.get("WHEELHOUSE_BUILDER_SOURCES", str(beside))
    found = {file.stem: file for file in sorted(Path(named).glob("*.yaml"))} if named else {}
    return [found[python]] if python in found else [*found.values()]


def _tell_repositories(links: "Sequence[Link]") -> None:
    """Say which sources Nix fetches by itself, while it evaluates."""
    names = sorted({link.package for link in links if link.git})
    if names:
        print(
            f"not fetched, but by Nix from their repositories: {', '.join(names)}", file=sys.stderr
        )


def _data(result: "Fetched") -> dict[str, object]:
    return {
        "name": result.link.name,
        "url": result.link.url,
        "path": result.path,
        "ok": not result.problem,
        "problem": result.problem,
    }
