"""The file that a target installs of a package: the best wheel, else the source distribution."""

import re
from collections.abc import Sequence
from functools import cache

from packaging.tags import Tag
from packaging.utils import BuildTag, InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion

from lock.models.filenames import SDIST_SUFFIXES
from lock.models.packages import File, Package
from lock.models.target import FLOORS, Target

# The version in the tag of a platform, such as manylinux_2_28_x86_64 (PEP 600 and 656).
VERSION_OF_PLATFORM = re.compile(r"[a-z]+_(\d+)_(\d+)_")

# At the end of a wheel's name: interpreters, ABIs and platforms.
TAG_PARTS = 3
NO_TAGS: Sequence[Sequence[str]] = ((), (), ())


def file_of(package: Package, target: Target) -> File | None:
    """Return the file that a target installs of a package; None if none fits."""
    files = package.files
    if package.prefer_sdist:
        return choose([file for file in files if file.needs_build], target)
    if package.no_build:
        return choose([file for file in files if not file.needs_build], target)
    return choose(files, target)


def choose(files: Sequence[File], target: Target) -> File | None:
    """Return the best of a package's files for a target; None if none fits.

    Wheels rank by their tags (PEP 425), then by their build number, the highest first (PEP 427).
    A wheel with an invalid name or unknown tags never fits.
    """
    ranked = []
    for file in files:
        rank = _wheel_rank(file, target)
        if rank is not None:
            ranked.append((*rank, file.name, file))
    if ranked:
        best = min(rank for rank, *_ in ranked)
        return max(
            (candidate for candidate in ranked if candidate[0] == best), key=lambda c: c[1:3]
        )[-1]
    sources = [file for file in files if file.needs_build]
    return min(sources, key=lambda file: (_source_rank(file), file.name), default=None)


def why_none(package: Package, target: Target) -> str:
    """Explain why no file of a package fits a target."""
    if not package.files:
        return "the index has no file of it that can be downloaded"
    if package.prefer_sdist:
        return "it has no source distribution, which `prefer-sdist` or `no-binary` asks for"
    kind = target.system.floor_kind
    if file_of(package, target.with_newest_floor()) is not None:
        return f"its wheels need a newer {FLOORS[kind][0]} than {target.system.floor_version}"
    near = near_fit(package, target)
    lacking = f"its wheels {near}" if near else f"no wheel of it fits Python {target.python} there"
    if package.no_build and any(file.needs_build for file in package.files):
        return f"{lacking}, and `only-binary` or `no-build` forbids to build it"
    return f"{lacking}, and it has no source distribution"


def needed_platform(package: Package, target: Target) -> str | None:
    """Return the oldest version of its platform on which a target has a wheel of a package.

    That is one newer than the target's; None where no platform is new enough.
    """
    newest = target.with_newest_floor()
    needed = (_floor(file.name, newest) for file in package.files if not file.needs_build)
    oldest = min((floor for floor in needed if floor is not None), default=None)
    return None if oldest is None else f"{oldest[0]}.{oldest[1]}"


def _floor(name: str, target: Target) -> tuple[int, int] | None:
    """Return the oldest platform on which a wheel fits a target; None where it fits nowhere."""
    parsed = _build_and_tags(name)
    tags = [] if parsed is None else [tag for tag in parsed[1] if target.rank(tag) is not None]
    versions = [VERSION_OF_PLATFORM.match(tag.platform) for tag in tags]
    return min(((int(one[1]), int(one[2])) for one in versions if one), default=None)


def near_fit(package: Package, target: Target) -> str:
    """Say which target like this one a package's wheels fit; nothing where they fit none.

    What is returned goes on after "its wheels".
    """
    wheels = [file for file in package.files if not file.needs_build]

    def fit(other: Target) -> bool:
        return choose(wheels, other.with_newest_floor()) is not None

    other = target.with_other_threading()
    if fit(other):
        return f"fit {other.python_name}, but not {target.python_name}"
    for other in target.with_other_libc():
        if fit(other):
            libc, wanted = (FLOORS[one.system.floor_kind][0] for one in (target, other))
            return f"need {wanted}, and {target.system.name} has {libc}"
    return ""


def _wheel_rank(file: File, target: Target) -> tuple[int, BuildTag] | None:
    """Return the rank of a wheel's best tag and its build number; None if it doesn't fit."""
    if not file.name.endswith(".whl") or not _may_fit(file.name, target):
        return None
    parsed = _build_and_tags(file.name)
    if parsed is None:
        return None
    build, tags = parsed
    ranks = [rank for tag in tags if (rank := target.rank(tag)) is not None]
    return (min(ranks), build) if ranks else None


def _may_fit(name: str, target: Target) -> bool:
    """Return whether one of a wheel's tags may be the target's (PEP 425).

    Most wheels of a package are for others, and this saves parsing their names.
    """
    interpreters, abis, platforms = _tag_parts(name)
    return not target.platforms.isdisjoint(platforms) and any(
        (interpreter, abi) in target.pythons for interpreter in interpreters for abi in abis
    )


# Every system looks at every file.
@cache
def _tag_parts(name: str) -> Sequence[Sequence[str]]:
    """Return the interpreters, the ABIs and the platforms in a wheel's name; none of another."""
    parts = name.removesuffix(".whl").lower().rsplit("-", 3)[1:]
    return [part.split(".") for part in parts] if len(parts) == TAG_PARTS else NO_TAGS


@cache
def _build_and_tags(name: str) -> tuple[BuildTag, frozenset[Tag]] | None:
    """Return the build number and the tags in a wheel's name; None if the name is invalid."""
    try:
        _, _, build, tags = parse_wheel_filename(name)
    except (InvalidWheelFilename, InvalidVersion):
        return None
    return build, tags


def _source_rank(file: File) -> int:
    ranks = [i for i, suffix in enumerate(SDIST_SUFFIXES) if file.name.endswith(suffix)]
    return ranks[0] if ranks else len(SDIST_SUFFIXES)
