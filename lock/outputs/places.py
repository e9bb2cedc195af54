"""Where a package of a lock comes from, as PEP 751 tells the kinds of places apart."""

from collections.abc import Collection
from enum import Enum

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from lock.locked import Link, Lock

FILES = (".whl", ".zip", ".tar.gz", ".tar.bz2")


class Kind(Enum):
    """The keys of a package in PEP 751; `WHEEL` and `SDIST` come from an index."""

    WHEEL = "wheels"
    SDIST = "sdist"
    ARCHIVE = "archive"
    DIRECTORY = "directory"
    VCS = "vcs"


def kind(link: Link, direct: Collection[str]) -> Kind:
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
            found = Kind.WHEEL
        else:
            name, version = parse_sdist_filename(link.name)
            found = Kind.SDIST
    except (InvalidSdistFilename, InvalidWheelFilename):
        return Kind.ARCHIVE
    own = canonicalize_name(link.package), Version(link.version)
    return found if (name, version) == own else Kind.ARCHIVE


def is_file(link: Link) -> bool:
    """Whether a link leads to a file on this machine, not to a project's folder."""
    return bool(link.path) and link.name.endswith(FILES)


def direct_addresses(lock: Lock) -> frozenset[str]:
    """The addresses that the requirements of a lock have in place of a version (PEP 440)."""
    return frozenset(
        text.partition(" @ ")[2].partition(" ; ")[0]
        for texts in lock.requested.get("requirements", {}).values()
        for text in texts
    ) - {""}
