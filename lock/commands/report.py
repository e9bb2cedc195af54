"""What a run that locks says: for a person on the error stream, for a machine on the output."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.lockfile.changes import Change
from lock.pipeline.jobs import Job, Made


def fresh(parsed: argparse.Namespace, jobs: Sequence[Job]) -> int:
    """Says that locks are those of their requirements; the exit code."""
    if parsed.json:
        _print_json({"locks": [_head(job) | {"fresh": True} for job in jobs], "warnings": []})
    return 0


def locked(
    parsed: argparse.Namespace, origin: Path, made: Sequence[Made], *, written: bool = True
) -> int:
    """Says what was made, or what would be; the exit code."""
    told = [warning for one in made for warning in one.warnings]
    told += [f"{origin}: {note}" for one in made for note in one.sources.notes]
    warnings = [*dict.fromkeys(told)]
    for line in warnings:
        print(line, file=sys.stderr)
    if parsed.json:
        _print_json({"locks": [*map(_data, made)], "warnings": warnings})
        return 0
    for one in made:
        if written:
            _show_changes(one)
        else:
            _show_difference(one)
    return 0


def _show_changes(one: Made) -> None:
    # A first lock is all new: its summary says so.
    if one.before:
        for change in one.changes:
            print(_told(change), file=sys.stderr)
    print(f"{one.job.sources_file}: {one.sources.summary()}", file=sys.stderr)


def _show_difference(one: Made) -> None:
    file = one.job.sources_file
    if one.changes:
        print(f"{file}:")
        for change in one.changes:
            print(_told(change))
    elif one.is_written:
        print(f"{file}: nothing would change", file=sys.stderr)
    else:
        print(f"{file}: the versions stay; other parts of the lock would change")


def _told(change: Change) -> str:
    return f"  {change}" + ("  (older)" if change.kind == "down" else "")


def _head(job: Job) -> dict[str, object]:
    return {
        "file": str(job.sources_file),
        "python": job.targets[0].python,
        "systems": [target.system.name for target in job.targets],
    }


def _data(one: Made) -> dict[str, object]:
    return _head(one.job) | {
        "changes": [change.data() for change in one.changes],
        "unchanged": not one.changes and one.is_written,
        "packages": one.sources.versions,
    }


def _print_json(data: dict[str, object]) -> None:
    print(json.dumps(data, indent=2))
