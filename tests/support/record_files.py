"""Read RECORD files (recording installed projects)."""

import csv
import io
from pathlib import Path

from builder.record import Entry


def parse_record(text: str) -> list[Entry]:
    """Return the entries of the text of a RECORD file."""
    return [
        Entry(path, digest, int(size) if size else None)
        for path, digest, size in csv.reader(io.StringIO(text, newline=""))
    ]


def read_record(file: Path) -> list[Entry]:
    """Return the entries of a RECORD file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return parse_record(stream.read())
