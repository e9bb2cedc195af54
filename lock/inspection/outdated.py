"""`lock outdated`: which packages of a lock have newer versions on their index."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from lock.inspection.index_query import IndexQuery
from lock.inspection.simple_index import IndexFile
from lock.io import parallel
from lock.models.times import utc_time

CONCURRENT_REQUESTS = 16


@dataclass(frozen=True)
class Outdated:
    """A package of a lock, and its newest version."""

    name: str
    version: str
    newest: str


def outdated(query: IndexQuery) -> list[Outdated]:
    """Return the packages of a lock that have newer final versions, sorted by name.

    Raises UsageError where an index doesn't answer.
    """
    lock, names = query.lock, [*query.registries]
    text = lock.requested.get("exclude-newer", "")
    until = utc_time(text) if text else ""
    versions = parallel.map_threads(
        lambda name: newest_version(query.files(name), lock.python, until),
        names,
        CONCURRENT_REQUESTS,
    )
    return [
        Outdated(package.name, package.version, newest)
        for name, newest in sorted(zip(names, versions, strict=True))
        for package in lock.by_name[name]
        if newest is not None and Version(package.version) < Version(newest)
    ]


def newest_version(files: Iterable[IndexFile], python: str, until: str = "") -> str | None:
    """Return the newest final version that supports a Python and isn't yanked; None without one.

    `until` (RFC 3339) hides files that were uploaded later, as `exclude-newer` does.
    """
    limit = datetime.fromisoformat(until) if until else None
    versions = {
        version
        for file in files
        if (version := file.version)
        and file.yanked is None
        and _supports(file, python)
        and _is_older(file, limit)
    }
    final = [version for version in map(Version, versions) if not version.is_prerelease]
    return str(max(final)) if final else None


def _supports(file: IndexFile, python: str) -> bool:
    try:
        return f"{python.rstrip('t')}.0" in SpecifierSet(file.requires_python)
    except InvalidSpecifier:
        return False


def _is_older(file: IndexFile, limit: datetime | None) -> bool:
    if limit is None:
        return True
    return bool(file.uploaded) and datetime.fromisoformat(file.uploaded) < limit
