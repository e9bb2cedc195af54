"""`lock export [SOURCES]`: writes a lock in other tools' formats."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lock.commands import arguments
from lock.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lock.lockfile.reader import Lock
    from lock.models.bundled import Bundle, Wheel

DESCRIPTION = "Write a lock in the format of other tools; nothing is resolved anew."
EPILOG = """\
formats:
%s

examples:
  lock export --format pylock -o pylock.toml
  lock export --format requirements --group default --group dev | pip install -r /dev/stdin
  lock export --format cyclonedx --bundled -o sbom.cdx.json locks/3.12.yaml
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    from lock.outputs import FORMATS

    listed = "\n".join(f"  {name:<13} {one.title}" for name, one in FORMATS.items())
    made = arguments.parser("export", "[OPTION]... [SOURCES]", DESCRIPTION, EPILOG % listed)
    arguments.add_sources(made)
    made.add_argument(
        "--format",
        choices=FORMATS,
        default="pylock",
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} (default: pylock)",
    )
    arguments.add_groups(made)
    made.add_argument(
        "--bundled",
        action="store_true",
        help="read in all wheels what they bundle (PEP 770), for the format cyclonedx",
    )
    made.add_argument(
        "--output",
        "-o",
        type=Path,
        metavar="FILE",
        help="the file to write (default: the standard output)",
    )
    return made


def run(parsed: argparse.Namespace) -> int:
    """Write the lock; return the exit code."""
    from lock import outputs
    from lock.io import files
    from lock.lockfile import reader
    from lock.lockfile.replaceable import kept_content

    if parsed.output is not None:
        files.check_writable(parsed.output)
        files.check_distinct(parsed.output, parsed.sources, "lock stands")
        if (content := kept_content(parsed.output)) is not None:
            raise UsageError(
                f"{parsed.output}: this is no lock but {content.description}, which stays as it "
                "is; name another file to write"
            )
    lock = reader.read(parsed.sources)
    folder = Path() if parsed.output is None else parsed.output.parent
    bundles = _bundles if parsed.bundled else None
    text = outputs.render(lock, parsed.format, parsed.groups or None, folder, bundles)
    if parsed.output is None:
        print(text, end="")
    else:
        files.write({parsed.output: text})
    return 0


def _bundles(lock: "Lock") -> "Mapping[Wheel, Bundle]":
    """Return what the wheels of a lock bundle; what isn't taken is told."""
    from lock.inspection import bundled
    from lock.io import progress

    with progress.status(f"reading the wheels of {len(lock.packages)} packages"):
        found = bundled.bundled(lock, os.environ)
    for line in bundled.left_out(found):
        print(line, file=sys.stderr)
    return found
