"""The index that uv uses where the user names none, with the cache control that it promises.

Mirrors and proxies tend to drop the index's headers; uv would then read each file's metadata again
in every run. Of other indexes only their servers know how long a response holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lock.errors import UsageError
from lock.io import credentials
from lock.models.requirements import Index

NAME = "wheelhouse-default-index"
# The address of the default index of the launcher's uv.
VARIABLE = "WHEELHOUSE_DEFAULT_INDEX"
# The user's variables that replace the default index.
REPLACING_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
# Those that name indexes beside it.
FURTHER_VARIABLES = ("UV_INDEX", "UV_EXTRA_INDEX_URL")
# A file is never replaced by another of the same name (RFC 8246).
IMMUTABLE = "max-age=365000000, immutable"
# A page may be ten minutes old.
TEN_MINUTES = "max-age=600"


def placed(indexes: Sequence[Index], environment: Mapping[str, str]) -> Sequence[Index]:
    """Return some indexes, with the address of the default one where it has a place among them.

    uv itself asks its default index last. Raises UsageError where the machine names none.
    """
    if all(index.url for index in indexes):
        return indexes
    url = address(environment)
    if not url:
        raise UsageError(
            "UV_DEFAULT_INDEX: the default index has a place among the others, and its address "
            "isn't known; set the variable to it"
        )
    # uv knows the credentials of the address in the variable, for all of its host.
    bare = credentials.strip_credentials(url)
    return [index if index.url else replace(index, url=bare) for index in indexes]


def address(environment: Mapping[str, str]) -> str:
    """Return the address of the default index that the machine names; empty where it names none."""
    variables = (*REPLACING_VARIABLES, VARIABLE)
    return next((environment[name] for name in variables if environment.get(name)), "")


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
