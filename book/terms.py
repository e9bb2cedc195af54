"""Links the words of the glossary where they first occur on a page; an extension of Sphinx.

The glossary is a page with tables. The first cell of a row has a word, or several separated by
commas. A word with a qualifier in parentheses is linked nowhere: it has other meanings, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx

GLOSSARY = "glossary"
# The section of words that mean something else elsewhere.
OWN = "wheelhouse"
# Neither a heading nor a link nor code becomes a link. A table's cells are short already.
_LEFT_OUT = (nodes.reference, nodes.literal, nodes.title, nodes.table, nodes.literal_block)


@dataclass(frozen=True)
class Term:
    """A word of the glossary: the anchor of its row, and what it means."""

    anchor: str
    meaning: str


def _anchor(cell: str) -> str:
    return f"term-{nodes.make_id(cell)}"


def _words(cell: str) -> Iterator[str]:
    if "(" not in cell:
        yield from (word.strip() for word in cell.split(","))


def _rows(document: nodes.document) -> Iterator[tuple[nodes.row, str, str, bool]]:
    """Yield each row with its first cell, its second, and whether it is of the project's own."""
    for table in document.findall(nodes.table):
        own = table.parent[0].astext() == OWN
        for body in table.findall(nodes.tbody):
            for row in body.findall(nodes.row):
                yield row, row[0].astext(), row[1].astext(), own


def _remember(app: Sphinx, document: nodes.document) -> None:
    """Note the words where the glossary is read, and give each row an anchor."""
    if app.env.docname != GLOSSARY:
        return
    terms: dict[str, Term] = {}
    for row, cell, meaning, own in _rows(document):
        row["ids"].append(_anchor(cell))
        if not own:
            terms |= {word: Term(_anchor(cell), meaning) for word in _words(cell)}
    app.env.wheelhouse_terms = terms


def pattern(words: Mapping[str, Term]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first, in the plural and capitalized, too.

    A word with a capital, such as `RECORD`, is only that.
    """
    longest = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![\w-])({'|'.join(map(_spelling, longest))})s?(?![\w-])")


def _spelling(word: str) -> str:
    first = f"[{word[0]}{word[0].upper()}]" if word.islower() else re.escape(word[0])
    return first + re.escape(word[1:])


def _link(app: Sphinx, document: nodes.document, page: str) -> None:
    """Link the first occurrence of each word in a page's prose."""
    terms: Mapping[str, Term] = getattr(app.env, "wheelhouse_terms", {})
    if page in (GLOSSARY, "index") or not terms:
        return
    place = app.builder.get_relative_uri(page, GLOSSARY)
    found = pattern(terms)
    linked: set[str] = set()
    for paragraph in [*document.findall(nodes.paragraph)]:
        if _is_within(paragraph, _LEFT_OUT):
            continue
        for text in [*paragraph.findall(nodes.Text)]:
            if _is_within(text, _LEFT_OUT) or text.parent is None:
                continue
            parts = [*_parts(text.astext(), found, terms, linked, place)]
            if len(parts) > 1:
                text.parent.replace(text, parts)


def _parts(
    text: str, found: re.Pattern[str], terms: Mapping[str, Term], linked: set[str], place: str
) -> Iterator[nodes.Node]:
    end = 0
    for match in found.finditer(text):
        word = match[1]
        term = terms[word if word in terms else word[0].lower() + word[1:]]
        if term.anchor in linked:
            continue
        linked.add(term.anchor)
        yield nodes.Text(text[end : match.start()])
        yield nodes.reference(
            "",
            match[0],
            internal=True,
            refuri=f"{place}#{term.anchor}",
            reftitle=term.meaning,
            classes=["term"],
        )
        end = match.end()
    yield nodes.Text(text[end:])


def _is_within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    above = node.parent
    while above is not None:
        if isinstance(above, kinds):
            return True
        above = above.parent
    return False


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.connect("doctree-read", _remember)
    app.connect("doctree-resolved", _link)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
