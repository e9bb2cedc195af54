"""Ask a mirror which files of its lists it still has."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATIENCE = 20  # seconds
_GONE = (404, 410)


def served(sources: Mapping[str, Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """Return some files without those whose `url` a server has no more.

    A mirror's lists may be older than the mirror, and a file that was replaced is gone. A server
    that can't be asked leaves all as they are: what is returned is remembered.
    """
    found = dict(sources)
    for name, source in sources.items():
        try:
            with urlopen(Request(source["url"], method="HEAD"), timeout=_PATIENCE):
                pass
        except HTTPError as error:
            if error.code in _GONE:
                del found[name]
        except (OSError, ValueError):
            return found
    return found
