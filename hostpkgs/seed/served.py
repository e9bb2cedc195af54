"""Ask a mirror which files of its lists it still has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATIENCE = 20  # seconds


def served(sources: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Return those of some files whose `url` a server has, with their names.

    A mirror's lists may be older than the mirror, and a file that was replaced is gone.
    """
    return {name: source for name, source in sources.items() if _is_there(source["url"])}


def _is_there(url: str) -> bool:
    try:
        with urlopen(Request(url, method="HEAD"), timeout=_PATIENCE):
            return True
    except (OSError, ValueError):
        return False
