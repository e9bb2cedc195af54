"""The lines of the user's own files that an error is about."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# A list of TOML that begins here, of which some are of words and not of packages.
LISTED = re.compile(r"\s*(?!keywords|classifiers|dynamic|requires\b)[\w.\"'-]+\s*=\s*\[(.*)")
QUOTED = re.compile(r"""["']\s*([A-Za-z0-9][^"']*)""")
# Other files of requirements.txt.
INCLUDED = re.compile(r"\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)")
# Characters of a line that are shown.
LONGEST = 100


def of_packages(file: str, names: Collection[str]) -> list[str]:
    """The first line that names each of some packages (normalised), as `FILE:LINE: text`."""
    found: dict[str, str] = {}
    for where, line in _lines(Path(file), set()):
        for name in _names(line):
            if name in names:
                found.setdefault(name, f"{where}: {line.strip()[:LONGEST]}")
    return [*dict.fromkeys(found.values())]


def _lines(file: Path, seen: set[Path]) -> Iterator[tuple[str, str]]:
    """Each line of a file and of those that it includes, with where it stands."""
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
    """The packages that a line may be about, normalised (PEP 503)."""
    code = line.partition("#")[0]
    listed = LISTED.match(code)
    for text in QUOTED.findall(listed[1]) if listed else [code]:
        match = NAME.search(text)
        if match:
            yield re.sub(r"[-_.]+", "-", match[0]).lower()
