"""Export a lock to pylock.toml (PEP 751), for all its systems and groups in one file."""

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
from lock.outputs.comments import comments
from lock.outputs.package_sources import PackageSource, SourceKind, package_sources

# Project name and system → the groups that need the package there.
Needed = Mapping[tuple[str, str], frozenset[str]]


def render(lock: Lock) -> str:
    """Return the text of pylock.toml.

    The group `default` is always installed, others if an installer is asked for them.

    Raises UsageError for a lock that PEP 751 can't express.
    """
    try:
        pylock = to_pylock(lock)
        pylock.validate()
    except (PylockValidationError, ValueError) as error:
        raise UsageError(
            f"{lock.file}: the lock can't be turned into pylock.toml ({error}); {LOCK_AGAIN}"
        ) from None
    return "".join(f"{line}\n" for line in comments(lock)) + tomli_w.dumps(pylock.to_dict())


def to_pylock(lock: Lock) -> Pylock:
    """Return the data of pylock.toml.

    Raises ValueError for an invalid version (PEP 440), or several sdists of a package.
    """
    groups = sorted({*lock.groups} - {DEFAULT_GROUP})
    needed = groups_needing(lock)
    return Pylock(
        lock_version=Version("1.0"),
        environments=[Marker(text) for text in markers.environment_markers(lock)],
        requires_python=SpecifierSet(f"=={lock.python.removesuffix('t')}.*"),
        dependency_groups=groups or None,
        created_by="wheelhouse",
        packages=[_package(source, lock, needed) for source in package_sources(lock)],
    )


def _package(source: PackageSource, lock: Lock, needed: Needed) -> Package:
    package = source.package
    marker = markers.package_marker(
        lock, {system: needed[package.name, system] for system in source.systems}
    )
    version = Version(package.version)
    return Package(
        name=canonicalize_name(package.name),
        # PEP 751: the version of a folder's project may change before it is installed.
        version=None if source.kind is SourceKind.DIRECTORY else version,
        marker=Marker(marker) if marker else None,
        dependencies=[*_dependencies(package, lock)] or None,
        **_source(source),
    )


def _dependencies(package: LockedPackage, lock: Lock) -> Iterator[Mapping[str, str]]:
    """Return the `dependencies` of a package: names, and versions of ambiguous names."""
    needed = {
        (dependency.name, locked.version)
        for dependency in package.dependencies
        for system in dependency.systems
        if (locked := lock.on(dependency.name, system)) is not None and not locked.origin
    }
    for name, version in sorted(needed):
        ambiguous = len(lock.by_name[name]) > 1
        yield {"name": name, "version": version} if ambiguous else {"name": name}


def _source(source: PackageSource) -> dict[str, Any]:
    """Return the keyword arguments of Package for its source: `vcs`, `wheels` and the like."""
    if source.kind is SourceKind.INDEX:
        return _index_files(source)
    [link] = source.links
    value: PackageVcs | PackageDirectory | PackageArchive
    if source.kind is SourceKind.VCS:
        value = PackageVcs(
            type="git", url=link.git, commit_id=link.rev, subdirectory=link.subdirectory or None
        )
    elif source.kind is SourceKind.DIRECTORY:
        value = PackageDirectory(path=link.path)
    else:
        value = PackageArchive(
            url=link.url or None,
            path=link.path or None,
            size=link.size,
            hashes=_hashes(link),
            subdirectory=link.subdirectory or None,
        )
    return {source.kind.value: value}


def _index_files(source: PackageSource) -> dict[str, Any]:
    wheels = [link for link in source.links if link.name.endswith(".whl")]
    sdists = [link for link in source.links if link not in wheels]
    if len(sdists) > 1:
        raise ValueError(f"{source.package.name} has several source distributions")
    arguments: dict[str, Any] = {}
    if sdists:
        [sdist] = sdists
        arguments["sdist"] = PackageSdist(
            name=sdist.name, url=sdist.url, size=sdist.size, hashes=_hashes(sdist)
        )
    if wheels:
        arguments["wheels"] = [
            PackageWheel(name=link.name, url=link.url, size=link.size, hashes=_hashes(link))
            for link in wheels
        ]
    return arguments


def _hashes(link: Link) -> Mapping[str, str]:
    return {"sha256": link.sha256}
