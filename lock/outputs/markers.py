"""Markers (PEP 508, PEP 751) of packages that only some systems or groups of a lock install."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lock.errors import UsageError
from lock.lockfile.reader import LOCK_AGAIN, Lock
from lock.models.requirements import DEFAULT_GROUP
from lock.models.target import SYSTEMS, System


def systems_by_name(lock: Lock) -> Mapping[str, System]:
    """Return the systems of a lock by name. Raises UsageError for an unknown system."""
    unknown = [name for name in lock.systems if name not in SYSTEMS]
    if unknown:
        raise UsageError(f"{lock.file}: {', '.join(unknown)} is no known system; {LOCK_AGAIN}")
    return {name: SYSTEMS[name] for name in lock.systems}


def environment_markers(lock: Lock) -> list[str]:
    """Return the markers of the systems of a lock, without duplicates, sorted."""
    return sorted({system.marker for system in systems_by_name(lock).values()})


def package_marker(lock: Lock, needing_groups: Mapping[str, frozenset[str]]) -> str | None:
    """Return the marker under which a package is installed; None if it always is.

    `needing_groups` maps each system that installs it to the groups that need it there. A package
    that the default group needs is installed whatever groups are requested.
    """
    systems: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for system, groups in needing_groups.items():
        systems[frozenset() if DEFAULT_GROUP in groups else groups].append(system)
    clauses = [
        [part for part in (_systems_clause(lock, systems[groups]), _groups_clause(groups)) if part]
        for groups in sorted(systems, key=sorted)
    ]
    if [] in clauses:
        return None
    return _join_or(map(_join_and, clauses))


def _systems_clause(lock: Lock, names: Collection[str]) -> str:
    """Return the marker of some systems of a lock; empty if it holds on all of them.

    Systems that markers don't distinguish, such as those of glibc and of musl, count as one.
    """
    known = systems_by_name(lock)
    all_platforms = {(system.sys_platform, system.marker) for system in known.values()}
    platforms = {(known[name].sys_platform, known[name].marker) for name in names}
    return "" if platforms == all_platforms else _join_or(_clauses(platforms, all_platforms))


def _clauses(
    platforms: Collection[tuple[str, str]], all_platforms: Collection[tuple[str, str]]
) -> Iterator[str]:
    """Return the markers of some platforms, pairs of `sys_platform` and a system's own marker.

    If all systems with the same `sys_platform` are among them, it alone is their marker.
    """
    for platform in sorted({platform for platform, _ in platforms}):
        markers = sorted(marker for name, marker in platforms if name == platform)
        if len(markers) == sum(name == platform for name, _ in all_platforms):
            yield f"sys_platform == '{platform}'"
        else:
            yield from markers


def _groups_clause(groups: Collection[str]) -> str:
    """Return the marker that holds if one of some groups is requested (PEP 751)."""
    return _join_or(f"'{group}' in dependency_groups" for group in sorted(groups))


def _join_or(clauses: Iterable[str]) -> str:
    return " or ".join(clauses)


def _join_and(clauses: Sequence[str]) -> str:
    if len(clauses) == 1:
        return clauses[0]
    return " and ".join(f"({clause})" if " or " in clause else clause for clause in clauses)
