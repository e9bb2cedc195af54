"""Lays the documents into a folder as Sphinx wants them."""

import shutil
from pathlib import Path

from book import index, links
from book.index import BESIDE, INDEX, Section


def write(documents: Path, folder: Path) -> None:
    """Write the pages of a repository's documents into a new folder.

    Raises BookError where the index or a link is wrong.
    """
    every = {
        file.relative_to(documents).as_posix()
        for file in (documents / "docs").rglob("*")
        if file.is_file()
    }
    pages = {*BESIDE, *(name for name in every if name.endswith(".md"))}
    listed = index.sections((documents / INDEX).read_text(encoding="utf-8"))
    index.check(listed, pages)
    for name in sorted(pages):
        text = links.rewrite(
            (documents / name).read_text(encoding="utf-8"), name, pages, every - pages
        )
        if name == INDEX:
            text += _contents(listed)
        place = folder / f"{index.page(name)}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    for name in sorted(every - pages):
        place = folder / name.removeprefix("docs/")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(documents / name, place)


def _contents(listed: list[Section]) -> str:
    """Return the directives from which Sphinx makes the contents tree."""
    lines = []
    for section in listed:
        lines += ["", "```{toctree}", ":hidden:", f":caption: {section.title}", ""]
        lines += [f"{entry.title} <{index.page(entry.file)}>" for entry in section.entries]
        lines += ["```"]
    return "\n".join([*lines, ""])
