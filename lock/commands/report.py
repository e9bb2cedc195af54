"""Prints the result of locking: for a person on stderr, as JSON on stdout."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.lockfile.changes import Change
from lock.lockfile.formats import FORMAT
from lock.models.requirements import Requirements
from lock.pipeline.jobs import Job, Lock
from lock.pipeline.plan import Plan


def print_fresh(parsed: argparse.Namespace, jobs: Sequence[Job]) -> int:
    """Print that locks are those of their requirements; return the exit code."""
    if parsed.json:
        _print_json({"locks": [_job_data(job) | {"fresh": True} for job in jobs], "warnings": []})
    return 0


def print_notes(plan: Plan) -> None:
    """Print what the user should know of a plan."""
    for note in plan.notes:
        print(note, file=sys.stderr)


def print_left_out(requirements: Requirements, sources: Path, *, asked: bool) -> None:
    """Print which projects aren't locked since the existing lock hasn't them, unless asked for."""
    own = [project.name for project in requirements.projects if project.is_own]
    if own and not asked:
        print(
            f"{sources}: it stays without {', '.join(own)}, as it was; --project adds that",
            file=sys.stderr,
        )


def print_locks(
    parsed: argparse.Namespace, origin: str, locks: Sequence[Lock], *, written: bool = True
) -> int:
    """Print what was locked, or what would be unless it is `written`; return the exit code."""
    lines = [f"warning: {note}" for lock in locks for note in lock.sources.requirements.notes]
    lines += [warning for lock in locks for warning in lock.warnings]
    lines += [f"{origin}: {note}" for lock in locks for note in lock.sources.notes]
    warnings = [*dict.fromkeys(lines)]
    for line in warnings:
        print(line, file=sys.stderr)
    if parsed.json:
        _print_json({"locks": [*map(_lock_data, locks)], "warnings": warnings})
        return 0
    for lock in locks:
        if written:
            _print_changes(lock)
        else:
            _print_difference(lock)
    return 0


def _print_changes(lock: Lock) -> None:
    # Of a first lock everything is new: its summary is enough.
    if lock.before:
        for change in lock.changes:
            print(_line(change), file=sys.stderr)
    if lock.older_format:
        rest = "; nothing else changes" if lock.is_only_renewed else ""
        print(
            f"{lock.job.sources_file}: written again in format {FORMAT}; it was in format "
            f"{lock.older_format}{rest}",
            file=sys.stderr,
        )
    print(f"{lock.job.sources_file}: {lock.sources.summary()}", file=sys.stderr)


def _print_difference(lock: Lock) -> None:
    file = lock.job.sources_file
    if lock.changes:
        print(f"{file}:")
        for change in lock.changes:
            print(_line(change))
    elif lock.is_unchanged:
        print(f"{file}: nothing would change", file=sys.stderr)
    elif lock.is_only_renewed:
        print(f"{file}: only the format would change, from {lock.older_format} to {FORMAT}")
    else:
        print(f"{file}: the versions stay; other parts of the lock would change")


def _line(change: Change) -> str:
    return f"  {change}" + ("  (older)" if change.kind == "down" else "")


def _job_data(job: Job) -> dict[str, object]:
    return {
        "file": str(job.sources_file),
        "python": job.python,
        "systems": [target.system.name for target in job.targets],
    }


def _lock_data(lock: Lock) -> dict[str, object]:
    return _job_data(lock.job) | {
        "changes": [change.data() for change in lock.changes],
        "unchanged": not lock.changes and lock.is_unchanged,
        "packages": lock.sources.versions,
        **({"from-nixpkgs": lock.sources.from_nixpkgs} if lock.sources.from_nixpkgs else {}),
    }


def _print_json(data: dict[str, object]) -> None:
    print(json.dumps(data, indent=2))
