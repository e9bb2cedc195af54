"""What a distribution requires where nixpkgs builds it: always, and with extras."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from init.nixpkgs.attributes import attribute
from init.nixpkgs.conditions import Condition, condition
from init.nixpkgs.distribution import Build, Distribution
from init.nixpkgs.package_set import PackageSet

# Extras for those who work on a project, which nixpkgs doesn't list.
OF_DEVELOPERS = re.compile(
    r"(?:all-)?(?:dev(?:el(?:op(?:ment)?)?)?|tests?(?:ing)?|tests?-.*|docs?(?:-.*)?|lint(?:ing)?|"
    r"typing|types?|mypy|style|pre-commit|benchmarks?|check|cover(?:age)?|qa|ci|enabler|"
    r"documentation|release|build|sdist|format(?:ting)?)"
)
# What a hook of nixpkgs does, and what setuptools has itself by now.
BY_HOOKS = frozenset(["maturin", "wheel"])


@dataclass(frozen=True)
class Need:
    """A project that is required, with its extras, and where."""

    name: str
    where: Condition
    extras: tuple[str, ...]
    requirements: tuple[Requirement, ...]


def of_build(build: Build | None) -> list[Need]:
    """Return the projects that the build of a distribution needs, sorted by name.

    Those that a hook of nixpkgs does the work of are left out.
    """
    requires = build.requires if build else ()
    return _needs((one for one in requires if one.name not in BY_HOOKS), ("",))


def always(distribution: Distribution, extras: Sequence[str] = ()) -> list[Need]:
    """Return what a distribution needs with some extras, sorted by name."""
    return _needs(_others(distribution), ("", *_with_their_own(distribution, extras)))


def of_extra(distribution: Distribution, extra: str) -> list[Need]:
    """Return what an extra adds, sorted by name."""
    asked = tuple(_with_their_own(distribution, [extra]))
    plain = {need.name: need for need in always(distribution)}
    needs = _needs(_others(distribution), asked)
    # Those of every extra hold with this one, too.
    return [
        need
        for need in needs
        if need.name not in plain or {*need.extras} - {*plain[need.name].extras}
    ]


def listed_extras(distribution: Distribution, chosen: Collection[str] = ()) -> Iterator[str]:
    """Yield the extras that an expression lists, sorted."""
    for extra in sorted(distribution.extras):
        if extra not in chosen and not OF_DEVELOPERS.fullmatch(extra):
            yield extra


def missing(needs: Iterable[Need], known: PackageSet | None) -> list[str]:
    """Return the names of the projects that a package set lacks; none where it isn't known."""
    if known is None:
        return []
    return [need.name for need in needs if attribute(need.name, known.names) not in known.names]


@dataclass(frozen=True)
class Unmet:
    """A dependency of which a package set has another version than is asked for."""

    name: str
    version: str
    asked: str


def unmet(needs: Iterable[Need], known: PackageSet | None) -> Iterator[Unmet]:
    """Yield the dependencies of which a package set has no fitting version."""
    for need in needs if known is not None else ():
        version = known.versions.get(attribute(need.name, known.names)) if known else None
        for one in need.requirements if version else ():
            # What holds elsewhere may ask for another version.
            if condition([one.marker]) == Condition() and not _allows(one, version or ""):
                yield Unmet(need.name, version or "", str(one.specifier))
                break


def _others(distribution: Distribution) -> Iterator[Requirement]:
    return (one for one in distribution.requires if one.name != distribution.name)


def _with_their_own(distribution: Distribution, extras: Iterable[str]) -> list[str]:
    """Return some extras, and those that they ask the distribution itself for."""
    found = [*extras]
    for extra in found:
        for one in distribution.requires:
            if one.name == distribution.name and condition([one.marker], (extra,)):
                asked = map(canonicalize_name, sorted(one.extras))
                found += [other for other in asked if other not in found]
    return found


def _needs(requirements: Iterable[Requirement], extras: Sequence[str]) -> list[Need]:
    """Return what some requirements need with one of some extras, sorted by name."""
    by_name: dict[str, list[Requirement]] = {}
    for one in requirements:
        if condition([one.marker], extras) is not None:
            by_name.setdefault(one.name, []).append(one)
    needs = []
    for name, found in sorted(by_name.items()):
        where = condition([one.marker for one in found], extras)
        further = {canonicalize_name(extra) for one in found for extra in one.extras}
        if where is not None:
            needs.append(Need(name, where, tuple(sorted(further)), tuple(found)))
    return needs


def _allows(requirement: Requirement, version: str) -> bool:
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        # Of an unreleased state, such as 0-unstable-2025-01-01.
        return True
