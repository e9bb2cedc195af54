"""The index that uv asks where the user names none, and what is known of it.

Mirrors of it, and proxies on the way, tend to drop its headers: uv would then read each file's
metadata again in every run. Of other indexes nothing is known but what their servers say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lock.models.requirements import Index

NAME = "wheelhouse-usual-index"
# The address of the usual index of the launcher's uv.
VARIABLE = "WHEELHOUSE_USUAL_INDEX"
# What has the user's own index asked in its place.
INSTEAD = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
# A file is never replaced by another of its name (RFC 8246).
IMMUTABLE = "max-age=365000000, immutable"
# A page may be ten minutes old.
SOME_TIME = "max-age=600"


def told(
    indexes: Sequence[Index], environment: Mapping[str, str], fresh: bool = True
) -> Sequence[Index]:
    """Some indexes, and the usual one where it is asked, with what is known of it.

    Pages are to be `fresh`, or as old as the index itself lets them be.
    """
    url = environment.get(VARIABLE)
    if not url:
        return indexes
    pages = None if fresh else SOME_TIME
    found = [
        replace(index, files_hold=IMMUTABLE, pages_hold=pages) if _same(index.url, url) else index
        for index in indexes
    ]
    if any(index.default for index in indexes) or any(map(environment.get, INSTEAD)):
        return found
    return [*found, Index(NAME, url, default=True, files_hold=IMMUTABLE, pages_hold=pages)]


def _same(one: str, other: str) -> bool:
    return one.rstrip("/") == other.rstrip("/")
