"""Write RECORD, the list of a distribution's files (recording installed projects)."""

import base64
import csv
import hashlib
import io
from collections.abc import Iterable


class Entry:
    """A line of RECORD.

    `path` is relative to site-packages; `hash` is as RECORD writes it, "" for none; `size` is in
    bytes. It is no dataclass, since importing those takes longer than hashing a small wheel.
    """

    __slots__ = ("hash", "path", "size")

    def __init__(self, path: str, hash: str = "", size: int | None = None) -> None:  # noqa: A002
        self.path = path
        self.hash = hash
        self.size = size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.values() == other.values()

    def __hash__(self) -> int:
        return hash((self.path, self.hash, self.size))

    def __repr__(self) -> str:
        return f"Entry({self.path!r}, {self.hash!r}, {self.size!r})"

    def values(self) -> dict[str, str | int | None]:
        """Return the values of the entry by name."""
        return {"path": self.path, "hash": self.hash, "size": self.size}

    def moved(self, path: str) -> "Entry":
        """Return the entry of the same file at another path."""
        return Entry(path, self.hash, self.size)


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
