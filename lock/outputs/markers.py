"""The markers (PEP 508, PEP 751) of what only some systems or groups of a lock install."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lock.errors import UsageError
from lock.lockfile.reader import LOCK_AGAIN, Lock
from lock.models.requirements import DEFAULT_GROUP
from lock.models.target import SYSTEMS, System


def systems_of(lock: Lock) -> Mapping[str, System]:
    """The systems of a lock by their names. Raises UsageError for one that is unknown."""
    unknown = [name for name in lock.systems if name not in SYSTEMS]
    if unknown:
        raise UsageError(f"{lock.file}: {', '.join(unknown)} is no known system; {LOCK_AGAIN}")
    return {name: SYSTEMS[name] for name in lock.systems}


def environments(lock: Lock) -> list[str]:
    """The markers of which one holds wherever the lock does, each once, sorted."""
    return sorted({system.marker for system in systems_of(lock).values()})


def marker(lock: Lock, needed: Mapping[str, frozenset[str]]) -> str | None:
    """Holds where a package is needed; None when it always is.

    `needed` gives the groups that need it on each of its systems. What the default group needs is
    needed whatever groups are asked for.
    """
    systems: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for system, groups in needed.items():
        systems[frozenset() if DEFAULT_GROUP in groups else groups].append(system)
    clauses = [
        [part for part in (_on(lock, systems[groups]), _in(groups)) if part]
        for groups in sorted(systems, key=sorted)
    ]
    if [] in clauses:
        return None
    return _any(map(_all, clauses))


def _on(lock: Lock, names: Collection[str]) -> str:
    """Holds on some systems of a lock, as far as markers tell them apart; empty for all of them."""
    known = systems_of(lock)
    everywhere = {(system.sys_platform, system.marker) for system in known.values()}
    here = {(known[name].sys_platform, known[name].marker) for name in names}
    return "" if here == everywhere else _any(_platforms(here, everywhere))


def _platforms(
    here: Collection[tuple[str, str]], everywhere: Collection[tuple[str, str]]
) -> Iterator[str]:
    for platform in sorted({platform for platform, _ in here}):
        markers = sorted(marker for of, marker in here if of == platform)
        if len(markers) == sum(of == platform for of, _ in everywhere):
            yield f"sys_platform == '{platform}'"
        else:
            yield from markers


def _in(groups: Collection[str]) -> str:
    """Holds when one of some groups is asked for (PEP 751)."""
    return _any(f"'{group}' in dependency_groups" for group in sorted(groups))


def _any(clauses: Iterable[str]) -> str:
    return " or ".join(clauses)


def _all(clauses: Sequence[str]) -> str:
    if len(clauses) == 1:
        return clauses[0]
    return " and ".join(f"({clause})" if " or " in clause else clause for clause in clauses)
