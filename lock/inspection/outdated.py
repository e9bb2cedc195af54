"""`lock outdated`: which packages of a lock have newer versions, or a project that has ended."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inspection.index_query import GoneError, IndexQuery
from lock.inspection.simple_index import Choice, IndexFile, Page, state
from lock.io import parallel
from lock.io.messages import count
from lock.models.filenames import SDIST_SUFFIXES
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

    def read(name: str) -> Page | UsageError:
        versions = [Version(package.version) for package in lock.by_name[name]]
        choice = Choice(partial(_since, min(versions)), partial(_up_to, max(versions)))
        try:
            return query.page(name, choice)
        except UsageError as error:
            return error

    every = dict(zip(names, parallel.map_threads(read, names, CONCURRENT_REQUESTS), strict=True))
    known = {name: page for name, page in every.items() if isinstance(page, Page)}
    failed = {name: error for name, error in every.items() if isinstance(error, UsageError)}
    _check_answered(known, [*failed.values()])
    newest = {name: newest_version(page.files, lock.python, until) for name, page in known.items()}
    return Found(
        [
            Outdated(package.name, package.version, version)
            for name, version in newest.items()
            for package in lock.by_name[name]
            if version is not None and Version(package.version) < Version(version)
        ],
        [Inactive(name, page.status, page.reason) for name, page in known.items() if page.status],
        [Unknown(name, str(error)) for name, error in failed.items()],
    )


def _check_answered(known: Collection[str], errors: Sequence[UsageError]) -> None:
    """Raise the first of some errors where no page can be had: they are the same for each page."""
    if known or len(errors) < 2 or any(isinstance(error, GoneError) for error in errors):
        return
    raise UsageError(f"{errors[0]}; so it is with {count(len(errors) - 1, 'other package')}")


def _since(oldest: Version, names: Sequence[str]) -> set[str]:
    """Return which of some files have a version, or a newer one; their names aren't checked."""
    texts = _version_texts(names)
    newer = {text for text in {*texts} if (parsed := _version(text)) and parsed[0] >= oldest}
    return {name for name, text in zip(names, texts, strict=True) if text in newer}


def _up_to(newest: Version, names: Collection[str]) -> bool:
    """Return whether some files have a version, or an older one."""
    texts = {*_version_texts(names)}
    return all((parsed := _version(text)) and parsed[0] <= newest for text in texts)


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
            by_version.setdefault(_version_text(file.name), []).append(file)
    versions = [parsed for text in by_version if (parsed := _version(text))]
    for version, text in sorted(versions, reverse=True):
        if not version.is_prerelease and any(file.version for file in by_version[text]):
            return str(Version(canonicalize_version(version)))
    return None


def _version_texts(filenames: Iterable[str]) -> list[str]:
    """Return what each file's name has in the place of its version (see _version_text).

    Most are wheels, and a call for each of them would take longer than reading the page.
    """
    return [
        name.split("-", 2)[1] if name.endswith(".whl") and "-" in name else _version_text(name)
        for name in filenames
    ]


def _version_text(filename: str) -> str:
    """Return what a file's name has in the place of its version, as it stands there.

    A name is taken apart only where that matters: pages have thousands of files.
    """
    if filename.endswith(".whl"):
        return filename.split("-", 2)[1] if "-" in filename else ""
    suffix = next((end for end in SDIST_SUFFIXES if filename.endswith(end)), None)
    return filename.removesuffix(suffix).rpartition("-")[2] if suffix else ""


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
