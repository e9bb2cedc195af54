"""The dependencies of an installed package, as the lock file lists them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from lock.selection.installation import Installation, InstalledDependency


@dataclass(frozen=True, order=True)
class LockedDependency:
    """A dependency on another package, with some of its extras; the tuples are sorted."""

    name: str
    extras: tuple[str, ...]
    # The dependent's own extras that need it; empty where it is always needed.
    of_extras: tuple[str, ...]


def locked_dependencies(installation: Installation, dependent: str) -> list[LockedDependency]:
    """Return what a package depends on in an installation, each once, without itself.

    An extra that consists of others (`all = ["thing[fast,small]"]`) depends on what they do.
    """
    listed = installation.dependencies[dependent]
    own = [dependency for dependency in listed if dependency.name == dependent]
    others = [dependency for dependency in listed if dependency.name != dependent]
    implied = {extra: _implied_extras(own, extra) for extra in installation.extras[dependent]}
    unconditional = _implied_extras(own, None)
    always: dict[str, frozenset[str]] = {}
    for dependency in others:
        if dependency.of_extra in unconditional:
            always[dependency.name] = always.get(dependency.name, frozenset()) | dependency.extras
    conditional: defaultdict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    for dependency in others:
        added = dependency.extras - always.get(dependency.name, frozenset())
        if dependency.of_extra not in unconditional and (added or dependency.name not in always):
            conditional[dependency.name, added] |= {
                extra for extra, implying in implied.items() if dependency.of_extra in implying
            }
    return [
        *(LockedDependency(name, tuple(sorted(extras)), ()) for name, extras in always.items()),
        *(
            LockedDependency(name, tuple(sorted(extras)), tuple(sorted(of_extras)))
            for (name, extras), of_extras in conditional.items()
        ),
    ]


def _implied_extras(own: Collection[InstalledDependency], extra: str | None) -> set[str | None]:
    """Return an extra and those of the same package that it needs, directly or through others."""
    implied: set[str | None] = set()
    pending = {extra}
    while pending:
        implied.add(current := pending.pop())
        for dependency in own:
            if dependency.of_extra == current:
                pending |= dependency.extras - implied
    return implied
