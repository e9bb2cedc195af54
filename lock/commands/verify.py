"""`lock verify [SOURCES]`: downloads the files of a lock again and checks them."""

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
    """Return the parser of the command's arguments."""
    made = arguments.parser("verify", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG)
    arguments.add_sources(made)
    arguments.add_json(made)
    return made


def run(parsed: argparse.Namespace) -> int:
    """Verify the files of one lock; return the exit code."""
    return verify_files([parsed.sources], parsed.json)


def verify_files(sources: Sequence[Path], as_json: bool) -> int:
    """Verify the files of some locks and print what is wrong; return the exit code."""
    from lock.inspection import verify
    from lock.io import progress
    from lock.io.messages import count
    from lock.lockfile import reader

    locks = [reader.read(file) for file in sources]
    links = verify.links(locks)
    sizes = [link.size for link in links]
    total = sum(size for size in sizes if size) if None not in sizes else None
    with progress.bar(f"verifying {count(len(links), 'file')}", total) as advance:
        results = verify.verify(locks, os.environ, advance)
    failures = [result for result in results if result.problem]
    for result in failures:
        print(result.problem, file=sys.stderr)
    if as_json:
        data = [
            {"url": result.link.url, "ok": not result.problem, "problem": result.problem}
            for result in results
        ]
        print(json.dumps({"files": data}, indent=2))
    elif not failures:
        print(f"verified: {count(len(results), 'file')}", file=sys.stderr)
    if any(not result.is_unknown for result in failures):
        return 1
    return 2 if failures else 0
