"""Where a package of a lock comes from, as PEP 751 tells the kinds of places apart."""

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

FILES = (".whl", ".zip", ".tar.gz", ".tar.bz2")


class Kind(Enum):
    """What a package comes from; but for an index, the keys that PEP 751 has for it."""

    INDEX = "index"
    ARCHIVE = "archive"
    DIRECTORY = "directory"
    VCS = "vcs"


@dataclass(frozen=True)
class Entry:
    """A version of a package, and the places of which an installer takes the one that fits."""

    package: Package
    kind: Kind
    links: tuple[Link, ...]

    @property
    def systems(self) -> Iterator[str]:
        return (
            name for name in self.package.systems if any(name in one.systems for one in self.links)
        )


def entries(lock: Lock) -> Iterator[Entry]:
    """One for all files of an index, and one for each other place that a package comes from."""
    direct = _direct_addresses(lock)
    links: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in lock.links:
        links[link.package, link.version].append(link)
    for package in lock.packages:
        indexed: list[Link] = []
        for link in links[package.name, package.version]:
            found = _kind(link, direct)
            if found is Kind.INDEX:
                indexed.append(link)
            else:
                yield Entry(package, found, (link,))
        if indexed:
            yield Entry(package, Kind.INDEX, tuple(indexed))


def _kind(link: Link, direct: Collection[str]) -> Kind:
    """The kind of a link; `direct` has the addresses that the user gave in place of a version.

    What isn't named as PEP 427 and PEP 625 name files is an archive wherever it comes from.
    """
    if link.git:
        return Kind.VCS
    if link.path:
        return Kind.ARCHIVE if is_file(link) else Kind.DIRECTORY
    if link.url in direct:
        return Kind.ARCHIVE
    try:
        if link.name.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(link.name)
        else:
            name, version = parse_sdist_filename(link.name)
    except (InvalidSdistFilename, InvalidWheelFilename):
        return Kind.ARCHIVE
    same = name == link.package and canonicalize_version(version) == canonicalize_version(
        link.version
    )
    return Kind.INDEX if same else Kind.ARCHIVE


def is_file(link: Link) -> bool:
    """Whether a link leads to a file on this machine, not to a project's folder."""
    return bool(link.path) and link.name.endswith(FILES)


def _direct_addresses(lock: Lock) -> frozenset[str]:
    """The addresses that the requirements of a lock have in place of a version (PEP 440)."""
    return frozenset(
        text.partition(" @ ")[2].partition(" ; ")[0]
        for texts in lock.requested.get("requirements", {}).values()
        for text in texts
    ) - {""}
