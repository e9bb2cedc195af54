"""Links of documents lead to their pages in the book."""

import pytest

from book import links
from book.index import BookError

PAGES = {"README.md", "docs/README.md", "docs/lock.md", "docs/howto/patch.md"}
OTHERS = {"docs/growth.svg", "docs/data/x.yaml"}


@pytest.mark.parametrize(
    ("file", "text", "rewritten"),
    [
        ("README.md", "[a](docs/lock.md#tree)", "[a](lock.md#tree)"),
        ("docs/lock.md", "[a](../README.md)", "[a](introduction.md)"),
        ("docs/lock.md", "[a](README.md)", "[a](index.md)"),
        ("docs/howto/patch.md", "[a](../lock.md)", "[a](../lock.md)"),
        ("docs/lock.md", "[`a`](howto/patch.md)", "[`a`](howto/patch.md)"),
        ("docs/howto/patch.md", "![a](../growth.svg)", "![a](../growth.svg)"),
        ("README.md", "[a](docs/data/x.yaml)", "[a](data/x.yaml)"),
        (
            "docs/lock.md",
            "[a](https://x.example/y.md) [b](#c)",
            "[a](https://x.example/y.md) [b](#c)",
        ),
        # What only the repository has.
        ("README.md", "see [two examples](examples).", "see two examples."),
        ("docs/lock.md", "```\n[a](../README.md)\n```\n", "```\n[a](../README.md)\n```\n"),
    ],
)
def test_a_link_is_rewritten(file: str, text: str, rewritten: str) -> None:
    assert links.rewrite(text, file, PAGES, OTHERS) == rewritten


@pytest.mark.parametrize("target", ["none.md", "../docs/none.md#x"])
def test_a_link_to_no_page_is_refused(target: str) -> None:
    with pytest.raises(BookError, match=r"docs/lock.md: the link to .*none.md.* leads nowhere"):
        links.rewrite(f"[a]({target})", "docs/lock.md", PAGES, OTHERS)
