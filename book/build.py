"""Build the book; run inside its derivation.

The variable `documents` names a folder with the repository's documents, `version` is the
project's. The pages are written to `$out`.
"""

import os
import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import main as sphinx

# Its folder is the only one of the project that the derivation has.
sys.path.insert(0, os.fspath(Path(__file__).parent.parent))

from book import sources
from book.index import BookError


def build(documents: Path, version: str, out: Path) -> int:
    """Build the pages into a new folder; return the exit code. Every warning is an error."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = Path(scratch, "pages")
        pages.mkdir()
        try:
            sources.write(documents, pages)
        except BookError as error:
            print(f"book: {error}", file=sys.stderr)
            return 1
        options = ["-b", "html", "-c", os.fspath(Path(__file__).parent), "-D", f"release={version}"]
        options += ["-D", f"html_title=wheelhouse {version}", "--fail-on-warning", "--nitpicky"]
        options += ["--keep-going", "--quiet", "-d", os.fspath(Path(scratch, "cache"))]
        return int(sphinx([*options, os.fspath(pages), os.fspath(out)]))


def program() -> None:
    """Build as the derivation's builder, and exit."""
    out = Path(os.environ["out"])
    code = build(Path(os.environ["documents"]), os.environ["version"], out)
    if code == 0:
        # What Sphinx would write again, and the sources, which aren't copied.
        (out / ".buildinfo").unlink(missing_ok=True)
        (out / "_sources").rmdir()
    sys.exit(code)


if __name__ == "__main__":
    program()
