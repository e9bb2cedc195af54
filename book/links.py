"""Rewrites the links of a document for its place in the book."""

import posixpath
import re
from collections.abc import Callable, Collection

from book.index import BookError, page

# An image has an exclamation mark before it.
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]+)\)")


def rewrite(text: str, file: str, pages: Collection[str], others: Collection[str]) -> str:
    """Return the text of a document with links that fit its page.

    `pages` are the files that are pages, `others` those that lie beside them in the book. What is
    in the repository alone becomes text without a link. Raises BookError for a document that isn't
    there.
    """
    folder = posixpath.dirname(page(file))

    def replaced(link: re.Match[str]) -> str:
        image, shown, target = link[1], link[2], link[3]
        if "://" in target or target.startswith(("#", "mailto:")):
            return link[0]
        name, mark, anchor = target.partition("#")
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(file), name))
        if wanted in pages:
            place = posixpath.relpath(f"{page(wanted)}.md", folder or ".")
            return f"{image}[{shown}]({place}{mark}{anchor})"
        if wanted in others:
            place = posixpath.relpath(wanted.removeprefix("docs/"), folder or ".")
            return f"{image}[{shown}]({place})"
        if image or wanted.endswith(".md"):
            raise BookError(f"{file}: the link to {target} leads nowhere")
        return shown

    return _outside_of_code(text, lambda part: _LINK.sub(replaced, part))


def _outside_of_code(text: str, change: Callable[[str], str]) -> str:
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))
