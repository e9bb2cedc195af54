"""All generated pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from book.reference import commands, keys


def render(tables: Mapping[str, Any], documents: Path) -> dict[str, str]:
    """Return the text of each page by its file in docs/reference/; `tables` is tables.nix."""
    described = (documents / "overrides.md").read_text(encoding="utf-8")
    return {
        "commands.md": commands.render(tables["programs"]),
        "keys.md": keys.render(tables["overrides"], tables["searchPaths"], described),
    }
