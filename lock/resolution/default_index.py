"""The index that uv uses where the user names none, with the cache control that it promises.

Mirrors and proxies tend to drop the index's headers; uv would then read each file's metadata again
in every run. Of other indexes only their servers know how long a response holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lock.models.requirements import Index

NAME = "wheelhouse-default-index"
# The address of the default index of the launcher's uv.
VARIABLE = "WHEELHOUSE_DEFAULT_INDEX"
# The user's variables that replace the default index.
REPLACING_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
# A file is never replaced by another of the same name (RFC 8246).
IMMUTABLE = "max-age=365000000, immutable"
# A page may be ten minutes old.
TEN_MINUTES = "max-age=600"


def with_default(
    indexes: Sequence[Index], environment: Mapping[str, str], fresh: bool = True
) -> Sequence[Index]:
    """Return some indexes, and the default one where it is used, with its cache control.

    Its pages are read anew if they must be `fresh`, else used for as long as it allows.
    """
    url = environment.get(VARIABLE)
    if not url:
        return indexes
    pages = None if fresh else TEN_MINUTES
    replaced = any(map(environment.get, REPLACING_VARIABLES))
    promising = [
        replace(index, files_cache_control=IMMUTABLE, pages_cache_control=pages)
        if index.url.rstrip("/") == url.rstrip("/") and _may_promise(index, replaced=replaced)
        else index
        for index in indexes
    ]
    if any(index.default for index in indexes) or replaced:
        return promising
    default = Index(
        NAME, url, default=True, files_cache_control=IMMUTABLE, pages_cache_control=pages
    )
    return [*promising, default]


def _may_promise(index: Index, *, replaced: bool) -> bool:
    """Return whether an index keeps its place as a table, which is where its promise stands."""
    return not index.unnamed or (index.default and not replaced)
