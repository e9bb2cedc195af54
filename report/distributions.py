"""Read an installed distribution: its metadata, its licences, its size."""

import os
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from builder.library_report import read_notes
from lock.licenses.metadata import license_of
from report.license_texts import LicenseText, read_texts

# Labels of Project-URL (well-known labels, normalized) that name a page about the project.
PAGES = (
    "homepage",
    "home",
    "source",
    "repository",
    "sourcecode",
    "github",
    "documentation",
    "docs",
)


@dataclass(frozen=True)
class Distribution:
    """What the report needs of an installed distribution; `size` is in bytes."""

    version: str
    summary: str
    homepage: str
    license: str
    license_texts: tuple[LicenseText, ...]
    size: int
    files: int
    is_native: bool
    generator: str


def read_distribution(path: Path, site: str) -> Distribution:
    """Return what a package's store path says of it; `site` is site-packages in it."""
    notes = read_notes(os.fspath(path))
    info = path / site / notes["distInfo"] if notes["distInfo"] else None
    text = _text(info / "METADATA") if info else ""
    metadata = HeaderParser().parsestr(text)
    texts = tuple(read_texts(info, metadata)) if info else ()
    told = license_of(text, {one.file: one.text for one in texts})
    size, files = measure(path)
    return Distribution(
        notes["version"],
        _line(metadata["Summary"]),
        homepage(metadata),
        str(told),
        texts,
        size,
        files,
        bool(notes["native"]["folders"]),
        _line(HeaderParser().parsestr(_text(info / "WHEEL"))["Generator"]) if info else "",
    )


def measure(path: Path) -> tuple[int, int]:
    """Return the bytes and the number of a package's files, but the builder's own notes.

    A package of nixpkgs is made of links: what they lead to counts.
    """
    size = number = 0
    for folder, folders, names in os.walk(path, followlinks=True):
        if folder == os.fspath(path) and "wheelhouse" in folders:
            folders.remove("wheelhouse")
        for name in names:
            file = Path(folder, name)
            if file.exists():
                size += file.stat().st_size
                number += 1
    return size, number


def homepage(metadata: Message) -> str:
    """Return the address of a page about a project; empty if there is none on the web."""
    pages: dict[str, str] = {}
    for value in metadata.get_all("Project-URL", []):
        label, _, url = str(value).partition(",")
        pages.setdefault("".join(filter(str.isalnum, label.lower())), url.strip())
    urls = [_line(metadata["Home-page"]), *(pages.get(label, "") for label in PAGES)]
    return next(filter(_is_page, urls), "")


def _is_page(url: str) -> bool:
    # Metadata is anybody's: no other scheme may become a link.
    return url.startswith(("https://", "http://"))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


def _line(value: object) -> str:
    text = " ".join(str(value or "").split())
    return "" if text == "UNKNOWN" else text
