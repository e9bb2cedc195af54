"""`lock outdated`: which packages of a lock have newer versions, or a project that has ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inspection.index_query import IndexQuery
from lock.inspection.simple_index import IndexFile, Page, state
from lock.io import parallel
from lock.models.times import utc_time

CONCURRENT_REQUESTS = 6


@dataclass(frozen=True)
class Unknown:
    """A package whose versions can't be had, and why."""

    name: str
    problem: str


@dataclass(frozen=True)
class Outdated:
    """A package of a lock, and its newest version."""

    name: str
    version: str
    newest: str


@dataclass(frozen=True)
class Inactive:
    """A package of a lock whose project isn't active (PEP 792); the reason may be empty."""

    name: str
    status: str
    reason: str

    @property
    def state(self) -> str:
        """Return the state in words."""
        return state(self.status, self.reason)


@dataclass(frozen=True)
class Found:
    """What the indexes say of the packages of a lock, each sorted by name."""

    outdated: Sequence[Outdated]
    inactive: Sequence[Inactive]
    unknown: Sequence[Unknown]


def outdated(query: IndexQuery) -> Found:
    """Return the packages of a lock that have newer final versions, and what else is told.

    That is the state of projects that aren't active, and which pages can't be read.
    """
    lock, names = query.lock, sorted([*query.registries, *query.gone])
    text = lock.requested.get("exclude-newer", "")
    until = utc_time(text) if text else ""

    def read(name: str) -> Page | Unknown:
        try:
            return query.page(name)
        except UsageError as error:
            return Unknown(name, str(error))

    pages = dict(zip(names, parallel.map_threads(read, names, CONCURRENT_REQUESTS), strict=True))
    known = {name: page for name, page in pages.items() if isinstance(page, Page)}
    newest = {name: newest_version(page.files, lock.python, until) for name, page in known.items()}
    return Found(
        [
            Outdated(package.name, package.version, version)
            for name, version in newest.items()
            for package in lock.by_name[name]
            if version is not None and Version(package.version) < Version(version)
        ],
        [Inactive(name, page.status, page.reason) for name, page in known.items() if page.status],
        [one for one in pages.values() if isinstance(one, Unknown)],
    )


def newest_version(files: Iterable[IndexFile], python: str, until: str = "") -> str | None:
    """Return the newest final version that supports a Python and isn't yanked; None without one.

    `until` (RFC 3339) hides files that were uploaded later, as `exclude-newer` does.
    """
    limit = datetime.fromisoformat(until) if until else None
    supports: dict[str, bool] = {}
    by_version: dict[str, list[IndexFile]] = {}
    for file in files:
        asked = file.requires_python
        if asked not in supports:
            supports[asked] = _supports(asked, python)
        if supports[asked] and file.yanked is None and _is_older(file, limit):
            by_version.setdefault(_version_text(file), []).append(file)
    versions = [parsed for text in by_version if (parsed := _version(text))]
    for version, text in sorted(versions, reverse=True):
        if not version.is_prerelease and any(file.version for file in by_version[text]):
            return str(Version(canonicalize_version(version)))
    return None


def _version_text(file: IndexFile) -> str:
    """Return the version in a file's name as it stands there.

    A name is taken apart only where that matters: pages have thousands of files.
    """
    parts = file.name.split("-", 2)
    return parts[1] if file.name.endswith(".whl") and len(parts) > 1 else file.version or ""


def _version(text: str) -> tuple[Version, str] | None:
    """Return a version (PEP 440) with its text; None where it is none."""
    try:
        return Version(text), text
    except InvalidVersion:
        return None


def _supports(requires_python: str, python: str) -> bool:
    try:
        return f"{python.rstrip('t')}.0" in SpecifierSet(requires_python)
    except InvalidSpecifier:
        return False


def _is_older(file: IndexFile, limit: datetime | None) -> bool:
    if limit is None:
        return True
    return bool(file.uploaded) and datetime.fromisoformat(file.uploaded) < limit
