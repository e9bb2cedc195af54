"""The book is built in the sandbox, has every page, and is read without a network."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from book import index
from tests.support.documents import PAGES
from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index]

# Elements that a browser loads as soon as it sees them; `a` is only followed.
LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """Reads a page: its anchors, its links, what it loads, and the page after it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.after: str | None = None
        self.terms: list[dict[str, str | None]] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.anchors |= {name for key in ("id", "name") if (name := values.get(key))}
        address = values.get(LOADED.get(tag, ""))
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
            if "term" in (values.get("class") or "").split():
                self.terms.append(values)
        elif tag == "link" and values.get("rel") == "next":
            self.after = address
        elif address and values.get("rel") not in ("prev", "search"):
            self.loaded.append(address)


@pytest.fixture(scope="module")
def nix() -> Nix:
    """The Nix at hand: what is read here doesn't depend on its version."""
    return Nix(os.environ.get("WHEELHOUSE_NIX"))


@pytest.fixture(scope="module")
def book(nix: Nix) -> Path:
    """The folder of the book."""
    return nix.build(".#book")


@pytest.fixture(scope="module")
def pages(book: Path) -> dict[Path, Page]:
    """Every page of the book by its file."""
    return {file: Page(file) for file in sorted(book.rglob("*.html"))}


def test_every_document_is_a_page(pages: dict[Path, Page], book: Path) -> None:
    wanted = {book / f"{index.page(file)}.html" for file in PAGES}
    assert pages.keys() == wanted | {book / "search.html"}


def test_the_pages_follow_each_other_as_the_index_has_them(
    pages: dict[Path, Page], book: Path
) -> None:
    listed = index.sections(PAGES[index.INDEX])
    order = [book / f"{index.page(entry.file)}.html" for part in listed for entry in part.entries]
    read = [book / "index.html"]
    while after := pages[read[-1]].after:
        read.append((read[-1].parent / after).resolve())
    assert read == [book / "index.html", *order]


def test_every_link_within_the_book_leads_somewhere(pages: dict[Path, Page]) -> None:
    for file, page in pages.items():
        for link in page.links:
            address = urlsplit(link)
            if address.scheme or address.netloc:
                continue
            target = (file.parent / unquote(address.path)).resolve() if address.path else file
            assert target.is_file(), (file.name, link)
            if address.fragment and target in pages:
                assert unquote(address.fragment) in pages[target].anchors, (file.name, link)


def test_all_that_is_loaded_lies_in_the_book(pages: dict[Path, Page], book: Path) -> None:
    for file, page in pages.items():
        for address in page.loaded:
            assert (file.parent / urlsplit(address).path).resolve().is_file(), (file.name, address)
    for style in book.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", style.read_text(encoding="utf-8")):
            assert address.startswith("data:") or (style.parent / address).exists(), address


def test_words_of_the_glossary_are_linked_once_and_explained(
    pages: dict[Path, Page], book: Path
) -> None:
    terms = pages[book / "lock.html"].terms
    linked = [term["href"] for term in terms]
    assert "glossary.html#term-wheel" in linked
    assert len(linked) == len({*linked})
    assert all(term["title"] for term in terms)
    # "system" is a word of the project's own; "tag" has other meanings, too.
    everywhere = {term["href"] for page in pages.values() for term in page.terms}
    assert not [href for href in everywhere if href and href.endswith(("term-system", "wheel)"))]


def test_it_is_the_same_when_it_is_built_again(nix: Nix, book: Path) -> None:  # noqa: ARG001
    nix.output("build", "--no-link", "--rebuild", ".#book")


def test_a_check_builds_it(nix: Nix, book: Path) -> None:
    checks = nix.evaluate(".#checks.x86_64-linux.book.outPath")
    assert Path(checks) == book


def requests(log: Path) -> Iterator[str]:
    """Yield the hosts that a browser's log of the network names."""
    for address in re.findall(r'"url":"(\w+://[^"]*)"', log.read_text(encoding="utf-8")):
        yield urlsplit(address).netloc


def test_a_browser_searches_it_from_a_file_and_asks_nobody(book: Path, tmp_path: Path) -> None:
    log = tmp_path / "network.json"
    shown = subprocess.run(
        [
            "chromium",
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path}/profile",
            f"--log-net-log={log}",
            "--enable-logging=stderr",
            "--virtual-time-budget=5000",
            "--dump-dom",
            f"{(book / 'search.html').as_uri()}?q=sonames",
        ],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.findall(r'<a href="(\w+)\.html', shown.stdout.partition('class="search"')[2])
    assert "glossary" in found
    assert "CONSOLE" not in shown.stderr
    # The browser asks for updates of its own; the book names none of those hosts.
    named = {
        urlsplit(address).netloc
        for file in book.rglob("*.html")
        for address in re.findall(r'"(https?://[^"]+)"', file.read_text(encoding="utf-8"))
    }
    assert json.loads(log.read_text(encoding="utf-8"))["constants"]
    assert named.isdisjoint(requests(log))


@pytest.fixture(scope="module")
def environment(nix: Nix) -> Path:
    """The environment that makes the book."""
    return nix.build(".#book.environment")


SMALL = {
    "README.md": "# One\n",
    "CONTRIBUTING.md": "# Two\n",
    "CHANGELOG.md": "# Three\n",
    "docs/README.md": """# All

## Pages

- [One](../README.md)
- [Two](../CONTRIBUTING.md)
- [Three](../CHANGELOG.md)
- [Four](four.md)
""",
    "docs/four.md": "# Four\n\n## Part\n\n[a](#part) [b](../README.md) [c](../examples)\n",
}


@pytest.mark.parametrize(
    ("page", "text", "message"),
    [
        ("docs/four.md", "[x](../README.md#part)", "four.md:7: WARNING: local id not found"),
        ("docs/four.md", "[x](new.md)", "docs/four.md: the link to new.md leads nowhere"),
        ("docs/new.md", "# New", "docs/README.md: docs/new.md isn't listed; give it a line"),
        ("docs/four.md", "", ""),
    ],
)
def test_a_fault_of_a_document_ends_the_build(
    environment: Path, tmp_path: Path, page: str, text: str, message: str
) -> None:
    (tmp_path / "docs").mkdir()
    for name, content in (SMALL | {page: f"{SMALL.get(page, '')}\n{text}\n"}).items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = subprocess.run(
        [environment / "bin" / "python", "-I", ROOT / "book" / "build.py"],
        env={"documents": str(tmp_path), "version": "1", "out": str(tmp_path / "out")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (1 if message else 0), done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
