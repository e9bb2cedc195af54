"""Writes parts of Markdown documents."""

import re
from collections.abc import Iterable, Sequence

NOTE = "<!-- scripts/write-reference wrote this page from the code; an edit here is lost. -->"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown. An empty text without rows."""
    lines = [_row(row) for row in rows]
    return "\n".join([_row(heads), "|" + "---|" * len(heads), *lines, ""]) if lines else ""


def code(text: str) -> str:
    """Return a text as code."""
    return f"`{text}`"


def block(text: str) -> str:
    """Return a block of plain text."""
    return f"```text\n{text.strip(chr(10))}\n```\n"


def prose(text: str) -> str:
    """Return a text with its special characters escaped, but for code in backticks."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part if part.startswith("`") else re.sub(r"([*\[\]<>\\]|(?<!\w)_|_(?!\w))", r"\\\1", part)
        for part in parts
    )


def sentence(text: str) -> str:
    """Return a text that begins with a capital and ends with a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ":")) else ".")


def page(title: str, *parts: str) -> str:
    """Return a page that says that it is generated."""
    return "\n".join([f"# {title}\n", f"{NOTE}\n", *filter(None, parts)]).rstrip("\n") + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
