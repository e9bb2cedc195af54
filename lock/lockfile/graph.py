"""The dependency graph of a lock, with extras and systems."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.lockfile.reader import Lock, Package


@dataclass(frozen=True)
class Node:
    """A package that something depends on, with extras, on systems; both are sorted."""

    package: Package
    extras: tuple[str, ...]
    systems: tuple[str, ...]

    def __str__(self) -> str:
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.package.name}{extras} {self.package.shown_version}"


def select_groups(lock: Lock, names: Collection[str]) -> list[str]:
    """Return the named groups, all without names. Raises UsageError for an unknown one."""
    unknown = sorted({*names} - {*lock.groups})
    if unknown:
        raise UsageError(
            f"{lock.file}: there is no group {unknown[0]}; it has {', '.join(lock.groups)}"
        )
    return [group for group in lock.groups if not names or group in names]


def select_systems(lock: Lock, names: Sequence[str]) -> tuple[str, ...]:
    """Return the named systems, all without names. Raises UsageError for an unknown one."""
    unknown = sorted({*names} - {*lock.systems})
    if unknown:
        raise UsageError(
            f"{lock.file}: it isn't for {unknown[0]}, only for {', '.join(lock.systems)}"
        )
    return tuple(system for system in lock.systems if not names or system in names)


def roots(lock: Lock, group: str, systems: Sequence[str]) -> list[Node]:
    """Return the packages that a group requires directly."""
    return [
        node
        for requirement in lock.groups[group]
        for node in _nodes(
            lock,
            canonicalize_name(requirement.name),
            requirement.extras,
            [system for system in systems if lock.has_root(group, requirement, system)],
        )
    ]


def dependencies(lock: Lock, node: Node) -> list[Node]:
    """Return what a node depends on: always, and for its extras."""
    extras: dict[tuple[str, str], set[str]] = {}
    for dependency in node.package.dependencies:
        if not dependency.of_extras or {*dependency.of_extras} & {*node.extras}:
            for system in dependency.systems:
                if system in node.systems:
                    extras.setdefault((dependency.name, system), set()).update(dependency.extras)
    # Systems that need the same extras share a node.
    systems_of: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, system), needed in extras.items():
        systems_of.setdefault((name, tuple(sorted(needed))), []).append(system)
    return [
        child
        for (name, needed), systems in sorted(systems_of.items())
        for child in _nodes(lock, name, needed, systems)
    ]


def _nodes(
    lock: Lock, name: str, extras: Collection[str], systems: Sequence[str]
) -> Iterator[Node]:
    for package in lock.by_name.get(name, ()):
        having = tuple(system for system in package.systems if system in systems)
        if having:
            yield Node(package, tuple(sorted(map(canonicalize_name, extras))), having)
