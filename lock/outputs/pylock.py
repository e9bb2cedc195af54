"""pylock.toml (PEP 751): a lock for all its systems and groups in one file."""

from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w
from packaging.markers import Marker
from packaging.pylock import (
    Package,
    PackageArchive,
    PackageDirectory,
    PackageSdist,
    PackageVcs,
    PackageWheel,
    Pylock,
    PylockValidationError,
)
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from lock.errors import UsageError
from lock.lockfile.groups import groups_needing
from lock.lockfile.reader import LOCK_AGAIN, Link, Lock
from lock.lockfile.reader import Package as LockedPackage
from lock.models.requirements import DEFAULT_GROUP
from lock.outputs import markers
from lock.outputs.package_sources import Entry, Kind, entries

Needed = Mapping[tuple[str, str], frozenset[str]]


def render(lock: Lock) -> str:
    """The text of pylock.toml. The group `default` is installed always, others when asked for.

    Raises UsageError for a lock that PEP 751 has no form for.
    """
    try:
        pylock = of(lock)
        pylock.validate()
    except (PylockValidationError, ValueError) as error:
        raise UsageError(
            f"{lock.file}: the lock can't be turned into pylock.toml ({error}); {LOCK_AGAIN}"
        ) from None
    return tomli_w.dumps(pylock.to_dict())


def of(lock: Lock) -> Pylock:
    """The data of pylock.toml. Raises ValueError for a version that is none (PEP 440)."""
    groups = sorted({*lock.groups} - {DEFAULT_GROUP})
    needed = groups_needing(lock)
    return Pylock(
        lock_version=Version("1.0"),
        environments=[Marker(text) for text in markers.environments(lock)],
        requires_python=SpecifierSet(f"=={lock.python.removesuffix('t')}.*"),
        dependency_groups=groups or None,
        created_by="wheelhouse",
        packages=[_package(entry, lock, needed) for entry in entries(lock)],
    )


def _package(entry: Entry, lock: Lock, needed: Needed) -> Package:
    package = entry.package
    condition = markers.marker(
        lock, {system: needed[package.name, system] for system in entry.systems}
    )
    version = Version(package.version)
    return Package(
        name=canonicalize_name(package.name),
        # A folder may have another one by the time that it is installed.
        version=None if entry.kind is Kind.DIRECTORY else version,
        marker=Marker(condition) if condition else None,
        dependencies=[*_dependencies(package, lock)] or None,
        **_place(entry),
    )


def _dependencies(package: LockedPackage, lock: Lock) -> Iterator[Mapping[str, str]]:
    """The entries of the packages that a package needs: their names, and versions where it takes
    that to tell them apart."""
    found = {
        (edge.name, other.version)
        for edge in package.dependencies
        for system in edge.systems
        if (other := lock.on(edge.name, system)) is not None
    }
    for name, version in sorted(found):
        several = len(lock.by_name[name]) > 1
        yield {"name": name, "version": version} if several else {"name": name}


def _place(entry: Entry) -> dict[str, Any]:
    """The key of an entry that says where it comes from."""
    if entry.kind is Kind.INDEX:
        return _indexed(entry)
    [link] = entry.links
    place: PackageVcs | PackageDirectory | PackageArchive
    if entry.kind is Kind.VCS:
        place = PackageVcs(type="git", url=link.git, commit_id=link.rev)
    elif entry.kind is Kind.DIRECTORY:
        place = PackageDirectory(path=link.path)
    else:
        place = PackageArchive(
            url=link.url or None, path=link.path or None, size=link.size, hashes=_hashes(link)
        )
    return {entry.kind.value: place}


def _indexed(entry: Entry) -> dict[str, Any]:
    wheels = [link for link in entry.links if link.name.endswith(".whl")]
    sources = [link for link in entry.links if link not in wheels]
    if len(sources) > 1:
        raise ValueError(f"{entry.package.name} has several source distributions")
    found: dict[str, Any] = {}
    if sources:
        [source] = sources
        found["sdist"] = PackageSdist(
            name=source.name, url=source.url, size=source.size, hashes=_hashes(source)
        )
    if wheels:
        found["wheels"] = [
            PackageWheel(name=link.name, url=link.url, size=link.size, hashes=_hashes(link))
            for link in wheels
        ]
    return found


def _hashes(link: Link) -> Mapping[str, str]:
    return {"sha256": link.sha256}
