"""Tell versions of the rules and the tables of this folder apart."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def revision(*others: Path) -> str:
    """Return a text that changes when the code or a table of this folder, or another file, does."""
    digest = hashlib.sha256()
    for file in (*sorted(Path(__file__).parent.iterdir()), *others):
        if file.suffix in (".json", ".py"):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
