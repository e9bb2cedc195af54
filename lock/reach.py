"""What the groups of a lock need: the packages that their entries lead to, as Nix sees it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from lock.errors import UsageError
from lock.locked import Lock
from lock.requirements import DEFAULT_GROUP

# A package, by itself or with one of its extras.
Node = tuple[str, str | None]


def reach(lock: Lock, system: str, groups: Iterable[str]) -> set[str]:
    """The names of the packages that some groups need on a system (lib/sources/reach.nix)."""
    found: set[Node] = set()
    waiting = [
        node
        for group in groups
        for root in lock.groups.get(group, ())
        for node in _nodes(root.name, root.extras)
    ]
    while waiting:
        node = waiting.pop()
        name, extra = node
        package = lock.on(name, system)
        # A root that a marker rules out here is in no package's place.
        if node in found or package is None:
            continue
        found.add(node)
        for edge in package.edges:
            holds = extra in edge.of_extras if extra else not edge.of_extras
            if holds and system in edge.systems:
                waiting += _nodes(edge.name, edge.extras)
    return {name for name, _ in found}


def _nodes(name: str, extras: Iterable[str]) -> Iterator[Node]:
    yield name, None
    for extra in extras:
        yield name, extra


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
