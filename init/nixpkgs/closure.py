"""The distributions that a distribution needs and a package set lacks."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from init.nixpkgs import needs
from init.nixpkgs.asked import Asked
from init.nixpkgs.distribution import Distribution
from init.nixpkgs.gather import Index
from init.nixpkgs.needs import Need
from init.nixpkgs.package_set import PackageSet
from lock.errors import LockError
from lock.io import progress
from lock.models.packages import Package


@dataclass
class Closure:
    """Distributions by name, the one that was asked for first, and why others aren't there."""

    distributions: dict[str, Distribution] = field(default_factory=dict)
    # Project name → the extras that something asks it for.
    extras: dict[str, set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def gather(
    index: Index, asked: Asked, resolved: dict[str, Package], first: Distribution, known: PackageSet
) -> Closure:
    """Return a distribution, and all that it needs and a package set lacks.

    `resolved` are the versions that go together; what it takes beside them is resolved alone.
    """
    found = Closure({asked.name: first}, {asked.name: {*asked.extras}})
    refused: set[str] = set()
    waiting = [asked.name]
    while waiting:
        name = waiting.pop(0)
        for need in _lacking(found.distributions[name], sorted(found.extras[name]), known):
            before = found.extras.setdefault(need.name, set())
            is_new = need.name not in found.distributions and need.name not in refused
            more = {*need.extras} - before
            before |= more
            if is_new:
                progress.tell(f"reading {need.name}")
                try:
                    found.distributions[need.name] = _read(index, need, resolved)
                except LockError as error:
                    refused.add(need.name)
                    found.problems.append(str(error))
                    continue
            if (is_new or more) and need.name not in refused:
                waiting.append(need.name)
    return found


def _lacking(distribution: Distribution, extras: list[str], known: PackageSet) -> Iterator[Need]:
    """Yield what a distribution needs, for its build too, that a package set lacks."""
    for need in (*needs.always(distribution, extras), *needs.of_build(distribution.build)):
        if need.name != distribution.name and needs.missing([need], known):
            yield need


def _read(index: Index, need: Need, resolved: dict[str, Package]) -> Distribution:
    """Return what is needed, of the version that was resolved with the others if it was."""
    if need.name not in resolved:
        specifiers = ",".join(str(one.specifier) for one in need.requirements if one.specifier)
        for name, package in index.resolve([f"{need.name}{specifiers}"]).items():
            resolved.setdefault(name, package)
    return index.read(resolved[need.name])
