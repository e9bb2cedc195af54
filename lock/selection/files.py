"""The file that a target installs of a package: the best wheel, else the source distribution."""

from collections.abc import Sequence
from functools import cache

from packaging.tags import Tag
from packaging.utils import (
    BuildTag,
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion

from lock.models.packages import File, Package
from lock.models.target import FLOORS, Target

SOURCE_SUFFIXES = (".tar.gz", ".zip", ".tar.bz2")


def choose(files: Sequence[File], target: Target) -> File | None:
    """The best of a package's files for a target, or None if none fits.

    Wheels rank by their tags (PEP 425), then by their build number, the highest first (PEP 427).
    Names that can't be read, and tags that are unknown, never fit.
    """
    ranked = []
    for file in files:
        rank = _rank(file, target)
        if rank is not None:
            ranked.append((*rank, file.name, file))
    if ranked:
        best = min(rank for rank, *_ in ranked)
        return max(
            (candidate for candidate in ranked if candidate[0] == best), key=lambda c: c[1:3]
        )[-1]
    sources = [file for file in files if is_source(file)]
    return min(sources, key=lambda file: (_source_rank(file), file.name), default=None)


def file_of(package: Package, target: Target) -> File | None:
    """The file that a target installs of a package, or None if none fits."""
    files = package.files
    return choose([*filter(is_source, files)] if package.prefer_sdist else files, target)


def is_source(file: File) -> bool:
    """Whether a file is a source distribution, or a project's folder, which must be built."""
    return file.is_folder or file.name.endswith(SOURCE_SUFFIXES)


def owner(file: File) -> tuple[str, str] | None:
    """The normalised name and version that a file's name gives away; None if it can't be read."""
    try:
        if file.name.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(file.name)
        else:
            suffix = next(end for end in SOURCE_SUFFIXES if file.name.endswith(end))
            name, version = parse_sdist_filename(f"{file.name.removesuffix(suffix)}.tar.gz")
    except (InvalidSdistFilename, InvalidVersion, InvalidWheelFilename, StopIteration):
        return None
    return name, canonicalize_version(version)


def _rank(file: File, target: Target) -> tuple[int, BuildTag] | None:
    """The rank of a wheel's best tag and its build number; None if the file can't be used."""
    if not file.name.endswith(".whl") or not _may_fit(file.name, target):
        return None
    read = _read(file.name)
    if read is None:
        return None
    build, tags = read
    ranks = [target.tag_ranks[tag] for tag in tags if tag in target.tag_ranks]
    return (min(ranks), build) if ranks else None


def _may_fit(name: str, target: Target) -> bool:
    """Whether a wheel's last tag is one of a platform of the target (PEP 425).

    Most wheels of a package are for other platforms: their names needn't be parsed.
    """
    return not target.platforms.isdisjoint(_platforms(name))


# Each system looks at each file.
@cache
def _platforms(name: str) -> list[str]:
    return name.removesuffix(".whl").rpartition("-")[2].lower().split(".")


@cache
def _read(name: str) -> tuple[BuildTag, frozenset[Tag]] | None:
    """The build number and the tags in a wheel's name; None if it can't be read."""
    try:
        _, _, build, tags = parse_wheel_filename(name)
    except (InvalidWheelFilename, InvalidVersion):
        return None
    return build, tags


def _source_rank(file: File) -> int:
    ranks = [i for i, suffix in enumerate(SOURCE_SUFFIXES) if file.name.endswith(suffix)]
    return ranks[0] if ranks else len(SOURCE_SUFFIXES)


def why_none(package: Package, target: Target) -> str:
    """Why no file of a package fits a target, in words."""
    if not package.files:
        return "the index has no file of it that can be downloaded"
    if package.prefer_sdist:
        return "it has no source distribution, which `prefer-sdist` asks for"
    kind = target.system.floor_kind
    if choose(package.files, target.with_newest_floor()) is not None:
        return f"its wheels need a newer {FLOORS[kind][0]} than {target.system.floor_version}"
    return f"no wheel of it fits Python {target.python} there, and it has no source distribution"
