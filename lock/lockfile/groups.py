"""What the groups of a lock need: the packages that their entries lead to, as Nix sees it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lock.errors import UsageError
from lock.lockfile import graph
from lock.lockfile.reader import Lock
from lock.models.requirements import DEFAULT_GROUP


def reach(lock: Lock, system: str, groups: Iterable[str]) -> set[str]:
    """The names of the packages that some groups need on a system (lib/sources/reach.nix)."""
    found: set[graph.Step] = set()
    waiting = [
        root
        for group in groups
        if group in lock.groups
        for root in graph.roots(lock, group, (system,))
    ]
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += graph.after(lock, step)
    return {step.package.name for step in found}


def needed_by(lock: Lock) -> Mapping[tuple[str, str], frozenset[str]]:
    """Name, system → the groups that need the package there.

    What no group leads to is counted to the default one, so that nothing of a lock gets lost.
    """
    found: dict[tuple[str, str], set[str]] = {
        (package.name, system): set() for package in lock.packages for system in package.systems
    }
    for system in lock.systems:
        for group in lock.groups:
            for name in reach(lock, system, [group]):
                found[name, system].add(group)
    return {place: frozenset(groups or {DEFAULT_GROUP}) for place, groups in found.items()}


def narrowed(lock: Lock, groups: Collection[str]) -> Lock:
    """A lock of what some groups need, all of it in the default group.

    Raises UsageError for a group that the lock hasn't.
    """
    unknown = sorted({*groups} - {DEFAULT_GROUP, *lock.groups})
    if unknown:
        known = ", ".join(sorted({DEFAULT_GROUP, *lock.groups}))
        raise UsageError(
            f"{lock.file}: the lock has no group {', '.join(unknown)}; name one of {known}"
        )
    kept = {place for place, needing in needed_by(lock).items() if needing & {*groups}}
    roots = tuple(dict.fromkeys(root for group in groups for root in lock.groups.get(group, ())))
    return replace(
        lock,
        groups={DEFAULT_GROUP: roots} if roots else {},
        packages=tuple(
            replace(package, systems=systems)
            for package in lock.packages
            if (systems := _kept(package.name, package.systems, kept))
        ),
        links=tuple(
            replace(link, systems=systems)
            for link in lock.links
            if (systems := _kept(link.package, link.systems, kept))
        ),
    )


def _kept(name: str, systems: Iterable[str], kept: Collection[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(system for system in systems if (name, system) in kept)
