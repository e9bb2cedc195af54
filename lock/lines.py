"""The lines of the user's own file that an error is about."""

import re
from collections.abc import Collection
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# Characters of a line that are shown.
LONGEST = 100


def of_packages(file: str, names: Collection[str]) -> list[str]:
    """The first line that names each of some packages (normalised), as `FILE:LINE: text`."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = NAME.search(line.partition("#")[0])
        normal = re.sub(r"[-_.]+", "-", match[0]).lower() if match else ""
        if normal in names and normal not in found:
            found[normal] = f"{file}:{number}: {line.strip()[:LONGEST]}"
    return [*found.values()]
