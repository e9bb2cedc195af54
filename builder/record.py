"""Write RECORD, the list of a distribution's files (recording installed projects)."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """A line of RECORD.

    `path` is relative to site-packages; `hash` is as RECORD writes it, "" for none; `size` is in
    bytes.
    """

    path: str
    hash: str = ""
    size: int | None = None


def sha256_entry(path: str, content: bytes) -> Entry:
    """Return the entry of a file with this content."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return Entry(path, f"sha256={digest}", len(content))


def format_record(entries: Iterable[Entry]) -> str:
    """Return the text of RECORD, sorted by path."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for entry in sorted(entries, key=lambda entry: entry.path):
        writer.writerow([entry.path, entry.hash, "" if entry.size is None else entry.size])
    return text.getvalue()
