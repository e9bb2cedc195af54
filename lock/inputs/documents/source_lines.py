"""Finds the lines of the user's files that an error is about."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from lock.inputs.together import AND

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# The beginning of a list of requirements in TOML; some keys hold other lists.
LISTED = re.compile(r"\s*(?!keywords|classifiers|dynamic|requires\b)[\w.\"'-]+\s*=\s*\[(.*)")
QUOTED = re.compile(r"""["']\s*([A-Za-z0-9][^"']*)""")
# Includes another file (requirements.txt).
INCLUDED = re.compile(r"\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)")
# At most so many characters of a line are shown.
MAX_LINE_LENGTH = 100


def lines_naming(origin: str, names: Collection[str]) -> list[str]:
    """Return the first line of a file that names each project (normalized): `FILE:LINE: text`.

    `origin` is a file, or several as `lock.inputs.together.names` joins them.
    """
    found: dict[tuple[str, str], str] = {}
    seen: set[Path] = set()
    for file in [origin] if Path(origin).is_file() else origin.split(AND):
        for where, line in _lines(Path(file), seen):
            for name in _names(line):
                if name in names:
                    shown = f"{where}: {line.strip()[:MAX_LINE_LENGTH]}"
                    found.setdefault((file, name), shown)
    return [*dict.fromkeys(found.values())]


def _lines(file: Path, seen: set[Path]) -> Iterator[tuple[str, str]]:
    """Yield each line of a file and of those that it includes, with its file and number."""
    if file in seen:
        return
    seen.add(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(text.splitlines(), start=1):
        included = INCLUDED.match(line)
        if included:
            yield from _lines(file.parent / included[1], seen)
        else:
            yield f"{file}:{number}", line


def _names(line: str) -> Iterator[str]:
    """Yield the projects that a line may name, normalized (PEP 503)."""
    code = line.partition("#")[0]
    listed = LISTED.match(code)
    for text in QUOTED.findall(listed[1]) if listed else [code]:
        match = NAME.search(text)
        if match:
            yield re.sub(r"[-_.]+", "-", match[0]).lower()
