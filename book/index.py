"""Reads the order of the book: docs/README.md lists every page, in sections.

A section is a heading of the second level. A page is a line of a list that begins with a link:
`- [Title](file.md): what it is about`. The title is that of the contents tree.
"""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

# The index itself, which becomes the first page.
INDEX = "docs/README.md"
# Documents beside the folder of documents that are pages, too, with their names in the book.
BESIDE = {
    "README.md": "introduction",
    "CONTRIBUTING.md": "contributing",
    "CHANGELOG.md": "changelog",
}

_HEADING = re.compile(r"^## (.+)$")
_ENTRY = re.compile(r"^ *- \[([^\]]+)\]\(([^)\s#]+\.md)\)")


class BookError(Exception):
    """An error of the documents, for the one who writes them: what is wrong, and where."""


@dataclass(frozen=True)
class Entry:
    """A page in the index: its title, and its file as a path in the repository."""

    title: str
    file: str


@dataclass(frozen=True)
class Section:
    """A heading of the index, and the pages below it."""

    title: str
    entries: tuple[Entry, ...]


def sections(text: str) -> list[Section]:
    """Return the sections of the index that have pages. Raises BookError for a page before any."""
    found: list[tuple[str, list[Entry]]] = []
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            found.append((heading[1], []))
        elif entry := _ENTRY.match(line):
            if not found:
                raise BookError(f"{INDEX}: {entry[2]} stands before the first heading")
            file = posixpath.normpath(posixpath.join("docs", entry[2]))
            found[-1][1].append(Entry(entry[1], file))
    return [Section(title, tuple(entries)) for title, entries in found if entries]


def check(listed: list[Section], files: Iterable[str]) -> None:
    """Raise BookError unless the index lists each of the documents' files once."""
    named = [entry.file for section in listed for entry in section.entries]
    wanted = {*files} - {INDEX}
    problems = [f"{name} is listed twice" for name in sorted({*named}) if named.count(name) > 1]
    problems += [f"{name} doesn't exist" for name in sorted({*named} - wanted)]
    problems += [f"{name} isn't listed; give it a line" for name in sorted(wanted - {*named})]
    if problems:
        raise BookError("\n".join(f"{INDEX}: {problem}" for problem in problems))


def page(file: str) -> str:
    """Return the name of a document's page: its path in the book, without a suffix."""
    if file == INDEX:
        return "index"
    return BESIDE.get(file) or file.removeprefix("docs/").removesuffix(".md")
