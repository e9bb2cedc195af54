"""The number of a lock's format (docs/sources-yaml.md), and how a newer one is refused."""

import re
from pathlib import Path

from lock.errors import UsageError

# What is written; every one before it is read.
FORMAT = 2

# How a text begins that has the canonical style: format 1 is YAML in blocks, newer ones are JSON.
CANONICAL = re.compile(r'\{"wheelhouse": (\d{1,9})(?=[,\s}])|wheelhouse: (\d{1,9})[ \t]*\r?$', re.M)


def number_of(text: str) -> int | None:
    """Return the number of the format that a text begins with; None where it begins otherwise."""
    found = CANONICAL.match(text)
    return int(found[1] or found[2]) if found else None


def is_known(number: object) -> bool:
    """Return whether a number is that of a format that can be read here."""
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= FORMAT


def refuse_newer(number: object, file: Path) -> None:
    """Raise UsageError where a number of a format is newer than the one that is known here.

    A lock of a newer format may mean more than can be read here, so it is never replaced either.
    """
    if isinstance(number, int) and number > FORMAT:
        raise UsageError(
            f"{file}: the lock has format {number}, but this version of wheelhouse reads formats 1 "
            f"to {FORMAT} and writes format {FORMAT}; update wheelhouse, or remove the file and "
            "lock again"
        )
