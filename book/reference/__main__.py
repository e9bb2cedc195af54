"""Write the generated pages into a folder; the tables of Nix code are the standard input, JSON."""

import json
import sys
from pathlib import Path

from book.reference import pages

ROOT = Path(__file__).parent.parent.parent


def main() -> int:
    """Write the pages; return the exit code."""
    if len(sys.argv) != 2:
        print("usage: python -m book.reference FOLDER <TABLES", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.render(json.load(sys.stdin), ROOT / "docs").items():
        (folder / name).write_text(text, encoding="utf-8")
    return 0


sys.exit(main())
