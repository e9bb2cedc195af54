"""Queries the indexes of a lock's packages."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from lock.errors import UsageError
from lock.inspection import project_states, simple_index
from lock.io import credentials, temporary
from lock.io.http_client import FileGoneError
from lock.io.offline import is_offline
from lock.lockfile.reader import Lock
from lock.models.requirements import Index, Settings
from lock.models.target import SYSTEMS, Target
from lock.resolution import default_index
from lock.resolution.request import Options
from lock.resolution.uv import Resolver


class GoneError(UsageError):
    """No index has a package of a lock any more."""


@dataclass(frozen=True)
class IndexQuery:
    """A lock, its targets by their systems, and the indexes of its packages."""

    lock: Lock
    targets: Mapping[str, Target]
    environment: Mapping[str, str]
    indexes: Sequence[Index]
    # Project name → the address of its index.
    registries: Mapping[str, str]
    # The packages whose versions no index has any more, as far as they are known.
    gone: Sequence[str] = ()
    # Whether all packages are from one index, so that only their pages tell which are gone.
    of_one_index: bool = False

    def page(self, name: str, choice: simple_index.Choice | None = None) -> simple_index.Page:
        """Return the page of a package; an empty one if it isn't from an index that is asked.

        `choice` may leave files out that have another version than the lock.

        Raises UsageError where the index doesn't answer, GoneError where it has the package no
        more.
        """
        if name in self.gone:
            raise self._gone_error(name)
        registry = self.registries.get(name)
        if registry is None:
            return simple_index.Page([])
        # The registry of a folder on this machine is its path.
        if "://" not in registry:
            return simple_index.read_folder(Path(registry), name)
        try:
            page = simple_index.read(registry, name, self.environment, self.indexes, choice)
        except FileGoneError:
            if self.of_one_index:
                raise self._gone_error(name) from None
            raise
        if self.of_one_index and not self._has_all(page, name):
            raise self._gone_error(name)
        return page

    def _has_all(self, page: simple_index.Page, name: str) -> bool:
        """Return whether a page has each version of a package that is in the lock."""
        versions = {package.version for package in self.lock.by_name[name]}
        return all(simple_index.files_of_version(page.files, version) for version in versions)

    def _gone_error(self, name: str) -> GoneError:
        """Return an error: no index has a package any more; and what they say of its project."""
        listed = " or ".join(package.version for package in self.lock.by_name[name])
        states = project_states.described([name], self.environment, self.indexes)
        reason = f"; {'; '.join(states)}" if states else ""
        return GoneError(f"{self.lock.file}: no index has {name} {listed} any more{reason}")


@contextmanager
def query_indexes(
    lock: Lock, environment: Mapping[str, str], name: str | None = None
) -> Iterator[IndexQuery]:
    """Find out which index has which package of a lock, or only where one package is.

    Raises UsageError where uv doesn't find it.
    """
    indexes = [
        Index(
            index["name"],
            _address(index["url"], lock),
            explicit=index.get("use") == "explicit",
            default=index.get("use") == "default",
            flat=index.get("format") in ("flat", "links"),
            unnamed=index.get("format") == "links",
            exclude_newer=index.get("exclude-newer", ""),
            ignore_error_codes=tuple(map(int, index.get("ignore-error-codes", ()))),
        )
        for index in lock.requested.get("indexes", ())
    ]
    targets = {name: _target(name, floor, lock.python) for name, floor in lock.systems.items()}
    only = _only_index(lock, environment)
    if only:
        names = simple_index.names_of_indexes(lock, name)
        registries = dict.fromkeys(names, only)
        yield IndexQuery(lock, targets, environment, indexes, registries, of_one_index=True)
        return
    with temporary.temporary_folder() as folder:
        resolver = Resolver(folder, environment, Options(indexes=indexes, settings=_settings(lock)))
        registries, gone = simple_index.registries(resolver, lock, [*targets.values()], name)
        yield IndexQuery(lock, targets, environment, indexes, registries, gone)


def _only_index(lock: Lock, environment: Mapping[str, str]) -> str:
    """Return the address of the index that has all packages of a lock; empty where uv is asked.

    uv knows which of several indexes it takes a package from, what a folder has that is an index,
    and, where it is offline, what its cache has of one.
    """
    named = ("indexes", "index-of", "origins")
    if any(lock.requested.get(key) for key in named) or _settings(lock).no_index:
        return ""
    if any(map(environment.get, default_index.FURTHER_VARIABLES)) or is_offline(environment):
        return ""
    address = credentials.strip_credentials(default_index.address(environment))
    return address if address.startswith(("https://", "http://")) else ""


def _address(text: str, lock: Lock) -> str:
    """Return the address of an index; a path is taken for one from the lock's folder."""
    return text if "://" in text else (lock.file.absolute().parent / text).resolve().as_uri()


def _settings(lock: Lock) -> Settings:
    """Return the settings of a lock that decide which index has a package."""
    settings = lock.requested.get("settings", {})
    return Settings(
        index_strategy=settings.get("index-strategy", ""), no_index="no-index" in settings
    )


def _target(name: str, floor: Mapping[str, str], python: str) -> Target:
    system = SYSTEMS[name]
    version = floor.get(system.floor_kind, system.floor_version)
    return Target(replace(system, floor_version=version), python)
