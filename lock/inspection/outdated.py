"""Which versions on an index are newer than those of a lock."""

from collections.abc import Iterable
from datetime import datetime

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from lock.inspection.simple_index import Entry


def newest(entries: Iterable[Entry], python: str, until: str = "") -> str | None:
    """The newest final version that has a file for a version of Python, and isn't yanked.

    `until` (RFC 3339) hides what was uploaded later, as `exclude-newer` does.
    """
    limit = datetime.fromisoformat(until) if until else None
    found = {
        version
        for entry in entries
        if (version := entry.version)
        and entry.yanked is None
        and _takes(entry, python)
        and _is_seen(entry, limit)
    }
    final = [version for version in map(Version, found) if not version.is_prerelease]
    return str(max(final)) if final else None


def _takes(entry: Entry, python: str) -> bool:
    try:
        return f"{python.rstrip('t')}.0" in SpecifierSet(entry.requires_python)
    except InvalidSpecifier:
        return False


def _is_seen(entry: Entry, limit: datetime | None) -> bool:
    if limit is None:
        return True
    return bool(entry.uploaded) and datetime.fromisoformat(entry.uploaded) < limit
