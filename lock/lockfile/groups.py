"""The packages that the groups of a lock need, as Nix installs them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from packaging.requirements import Requirement

from lock.errors import UsageError
from lock.lockfile import graph
from lock.lockfile.reader import Dependency, Link, Lock, Package
from lock.models.choices import choice_of, left_out
from lock.models.requirements import DEFAULT_GROUP

Item = TypeVar("Item", Package, Link, Dependency)


def group_closure(lock: Lock, system: str, groups: Collection[str]) -> set[str]:
    """Return the names of the packages that some groups need on a system.

    The same is computed by lib/sources/group-closure.nix.
    """
    lock = chosen(lock, groups)
    visited: set[graph.Node] = set()
    pending = [
        root
        for group in groups
        if group in lock.groups
        for root in graph.roots(lock, group, (system,))
    ]
    while pending:
        node = pending.pop()
        if node not in visited:
            visited.add(node)
            pending += graph.dependencies(lock, node)
    return {node.package.name for node in visited}


def chosen(lock: Lock, groups: Collection[str]) -> Lock:
    """Return what a lock has for some groups and those that exclude none of them.

    Raises UsageError where the groups exclude each other.
    """
    if not lock.conflicts:
        return lock
    try:
        choice = choice_of(groups, lock.conflicts)
    except UsageError as error:
        raise UsageError(f"{lock.file}: {error}") from None
    without = left_out(choice, lock.conflicts)
    return replace(
        lock,
        conflicts=(),
        groups={group: roots for group, roots in lock.groups.items() if group not in without},
        packages=tuple(
            replace(package, choices=(), dependencies=_holding(package.dependencies, choice))
            for package in _holding(lock.packages, choice)
        ),
        links=_holding(lock.links, choice),
        build_links=_holding(lock.build_links, choice),
    )


def _holding(items: Iterable[Item], choice: str) -> tuple[Item, ...]:
    """Return the items that a choice has."""
    return tuple(
        replace(item, choices=()) for item in items if choice in (item.choices or (choice,))
    )


def check_single(lock: Lock) -> None:
    """Raise UsageError for a lock whose groups can't be had together."""
    if lock.conflicts:
        names = " and ".join(lock.conflicts[0])
        raise UsageError(
            f"{lock.file}: the groups {names} exclude each other; name those that are wanted with "
            "`--group`"
        )


def groups_needing(lock: Lock) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return, by project name and system, the groups that need the package there.

    A package that no group needs counts as one of the default group, so that none is lost.
    """
    groups_of: dict[tuple[str, str], set[str]] = {
        (package.name, system): set() for package in lock.packages for system in package.systems
    }
    for system in lock.systems:
        for group in lock.groups:
            for name in group_closure(lock, system, [group]):
                groups_of[name, system].add(group)
    return {key: frozenset(groups or {DEFAULT_GROUP}) for key, groups in groups_of.items()}


def restricted_to(lock: Lock, groups: Collection[str]) -> Lock:
    """Return a lock of what some groups need, all of it in the default group.

    Raises UsageError for a group that the lock doesn't have.
    """
    unknown = sorted({*groups} - {DEFAULT_GROUP, *lock.groups})
    if unknown:
        known = ", ".join(sorted({DEFAULT_GROUP, *lock.groups}))
        raise UsageError(
            f"{lock.file}: the lock has no group {', '.join(unknown)}; name one of {known}"
        )
    lock = chosen(lock, groups)
    needed = {key for key, needing in groups_needing(lock).items() if needing & {*groups}}
    roots = tuple(dict.fromkeys(root for group in groups for root in lock.groups.get(group, ())))
    return replace(
        lock,
        groups={DEFAULT_GROUP: roots} if roots else {},
        ruled_out={
            (DEFAULT_GROUP, str(root)): systems
            for root in roots
            if (systems := _ruled_out(lock, root, groups))
        },
        packages=tuple(
            replace(package, systems=systems)
            for package in lock.packages
            if (systems := _needing_systems(package.name, package.systems, needed))
        ),
        links=tuple(
            replace(link, systems=systems)
            for link in lock.links
            if (systems := _needing_systems(link.package, link.systems, needed))
        ),
    )


def _ruled_out(lock: Lock, root: Requirement, groups: Collection[str]) -> tuple[str, ...]:
    """Return the systems where none of some groups requires a root that one of them has."""
    having = [group for group in groups if root in lock.groups.get(group, ())]
    return tuple(
        system
        for system in lock.systems
        if not any(lock.has_root(group, root, system) for group in having)
    )


def _needing_systems(
    name: str, systems: Iterable[str], needed: Collection[tuple[str, str]]
) -> tuple[str, ...]:
    return tuple(system for system in systems if (name, system) in needed)
