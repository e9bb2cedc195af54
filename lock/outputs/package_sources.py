"""The sources that the packages of a lock come from, in the kinds that PEP 751 distinguishes."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)

from lock.lockfile.reader import Link, Lock, Package
from lock.models.filenames import SDIST_SUFFIXES

FILE_SUFFIXES = (".whl", *SDIST_SUFFIXES)


class SourceKind(Enum):
    """A kind of package source; values other than `index` are keys of pylock.toml (PEP 751)."""

    INDEX = "index"
    ARCHIVE = "archive"
    DIRECTORY = "directory"
    VCS = "vcs"


@dataclass(frozen=True)
class PackageSource:
    """A version of a package from one source, with its links, of which an installer takes one."""

    package: Package
    kind: SourceKind
    links: tuple[Link, ...]

    @property
    def systems(self) -> Iterator[str]:
        """Return the names of the systems that install the package from this source."""
        return (
            name
            for name in self.package.systems
            if any(name in link.systems for link in self.links)
        )


def package_sources(lock: Lock) -> Iterator[PackageSource]:
    """Return the sources of all packages of a lock, in the order of its packages.

    All files of a package that an index has are one source, every other link is one.
    """
    direct_urls = _direct_urls(lock)
    links: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in lock.links:
        links[link.package, link.version].append(link)
    for package in lock.packages:
        indexed: list[Link] = []
        for link in links[package.name, package.version]:
            kind = _kind(link, direct_urls)
            if kind is SourceKind.INDEX:
                indexed.append(link)
            else:
                yield PackageSource(package, kind, (link,))
        if indexed:
            yield PackageSource(package, SourceKind.INDEX, tuple(indexed))


def _kind(link: Link, direct_urls: Collection[str]) -> SourceKind:
    """Return the kind of a link's source; `direct_urls` are those of direct references.

    A file whose name doesn't follow PEP 427 or PEP 625, or is that of another package or version,
    is an archive, whatever its URL.
    """
    if link.git:
        return SourceKind.VCS
    if link.path:
        return SourceKind.ARCHIVE if is_file(link) else SourceKind.DIRECTORY
    if link.url in direct_urls:
        return SourceKind.ARCHIVE
    try:
        if link.name.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(link.name)
        else:
            name, version = parse_sdist_filename(link.name)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return SourceKind.ARCHIVE
    same = name == link.package and canonicalize_version(version) == canonicalize_version(
        link.version
    )
    return SourceKind.INDEX if same else SourceKind.ARCHIVE


def is_file(link: Link) -> bool:
    """Return whether a link is a local file, not a project's folder."""
    return bool(link.path) and link.name.endswith(FILE_SUFFIXES)


def _direct_urls(lock: Lock) -> frozenset[str]:
    """Return the URLs of the direct references (PEP 440) among the lock's requirements."""
    return frozenset(
        text.partition(" @ ")[2].partition(" ; ")[0]
        for texts in lock.requested.get("requirements", {}).values()
        for text in texts
    ) - {""}
