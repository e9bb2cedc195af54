"""`lock verify [SOURCES]`: the files that a lock names, downloaded again and checked."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lock.commands import arguments

DESCRIPTION = """\
Download every file of a lock again, and check its size and its hash. Nothing is kept; after an
interruption the next run goes on where this one ended."""
EPILOG = """\
examples:
  lock verify
  lock verify locks/3.12.yaml --json

exit status: 0 every file is as the lock says, 1 some file isn't or is gone, 2 usage or network.
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of the command."""
    made = arguments.parser("verify", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Verifies the files of one lock; the exit code."""
    return verify([parsed.sources], parsed.json)


def verify(files: Sequence[Path], as_json: bool) -> int:
    """Verifies the files of some locks and says what is wrong; the exit code."""
    from lock.inspection import verify
    from lock.io import progress
    from lock.lockfile import reader
    from lock.lockfile.sources import count

    locks = [reader.read(file) for file in files]
    wanted = verify.links(locks)
    sizes = [link.size for link in wanted]
    total = sum(size for size in sizes if size) if None not in sizes else None
    with progress.bar(f"verifying {count(len(wanted), 'file')}", total) as advance:
        verdicts = verify.verify(locks, os.environ, advance)
    wrong = [verdict for verdict in verdicts if verdict.problem]
    for verdict in wrong:
        print(verdict.problem, file=sys.stderr)
    if as_json:
        files_json = [
            {"url": one.link.url, "ok": not one.problem, "problem": one.problem} for one in verdicts
        ]
        print(json.dumps({"files": files_json}, indent=2))
    elif not wrong:
        print(f"verified: {count(len(verdicts), 'file')}", file=sys.stderr)
    if any(not verdict.unknown for verdict in wrong):
        return 1
    return 2 if wrong else 0
