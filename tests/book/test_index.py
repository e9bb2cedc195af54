"""The index gives the order of the book, and names every page once."""

import pytest

from book import index
from book.index import BookError, Entry, Section
from tests.support.documents import PAGES

TEXT = """# Documents

Prose with a [link](other.md).

## Begin

- [What it is](../README.md): one page
- [Lock](lock.md): every command

## Empty

## Guides

- [Patch](howto/patch.md): change a package
"""
LISTED = [
    Section("Begin", (Entry("What it is", "README.md"), Entry("Lock", "docs/lock.md"))),
    Section("Guides", (Entry("Patch", "docs/howto/patch.md"),)),
]
FILES = ["docs/README.md", "README.md", "docs/lock.md", "docs/howto/patch.md"]


def test_lists_below_headings_are_the_order() -> None:
    assert index.sections(TEXT) == LISTED


def test_the_index_of_the_documents_lists_every_page() -> None:
    index.check(index.sections(PAGES[index.INDEX]), PAGES)


def test_a_page_before_the_first_heading_is_refused() -> None:
    with pytest.raises(BookError, match=r"docs/README.md: x.md stands before the first heading"):
        index.sections("- [X](x.md): x\n")


def test_an_index_of_all_pages_is_right() -> None:
    index.check(LISTED, FILES)


@pytest.mark.parametrize(
    ("listed", "files", "message"),
    [
        (
            LISTED,
            [*FILES, "docs/new.md"],
            "docs/README.md: docs/new.md isn't listed; give it a line",
        ),
        (LISTED, FILES[:-1], "docs/README.md: docs/howto/patch.md doesn't exist"),
        ([*LISTED, LISTED[1]], FILES, "docs/README.md: docs/howto/patch.md is listed twice"),
    ],
)
def test_an_index_that_lacks_or_repeats_a_page_is_refused(
    listed: list[Section], files: list[str], message: str
) -> None:
    with pytest.raises(BookError) as raised:
        index.check(listed, files)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("file", "page"),
    [
        ("docs/README.md", "index"),
        ("README.md", "introduction"),
        ("docs/lock.md", "lock"),
        ("docs/howto/patch.md", "howto/patch"),
    ],
)
def test_a_document_has_a_page(file: str, page: str) -> None:
    assert index.page(file) == page
