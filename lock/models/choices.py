"""Choices among groups that exclude each other: an environment may have one of each conflict."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations

from lock.errors import UsageError

# Names of groups (normalized), of which an environment may have at most one; sorted.
Conflict = tuple[str, ...]
# Each choice is resolved by itself.
MAX_CHOICES = 64
SEPARATOR = "+"
# The choice of none of the groups, and the only one where nothing conflicts.
NONE = ""


def choices(conflicts: Sequence[Conflict]) -> list[str]:
    """Return all choices, that of none first.

    A choice is written as the names of its groups, sorted, joined by SEPARATOR.

    Raises UsageError, which doesn't say where the conflicts stand, for more than MAX_CHOICES.
    """
    found = [NONE]
    for choice in _choices(conflicts):
        found.append(SEPARATOR.join(choice))
        if len(found) > MAX_CHOICES:
            raise UsageError(
                f"the conflicting groups can be combined in more than {MAX_CHOICES} ways, and each "
                "is resolved by itself; lock fewer of them with `--only-group`"
            )
    return found


def choice_of(groups: Iterable[str], conflicts: Sequence[Conflict]) -> str:
    """Return the choice that some groups make. Raises UsageError where they exclude each other."""
    chosen = sorted({*groups} & {group for conflict in conflicts for group in conflict})
    clash = clash_of(chosen, conflicts)
    if clash:
        raise UsageError(
            f"the groups {clash[0]} and {clash[1]} exclude each other; name one of them"
        )
    return SEPARATOR.join(chosen)


def clash_of(groups: Collection[str], conflicts: Sequence[Conflict]) -> tuple[str, str] | None:
    """Return two of the groups that exclude each other; None if no two do."""
    for conflict in conflicts:
        together = [group for group in conflict if group in groups]
        if len(together) > 1:
            return together[0], together[1]
    return None


def left_out(choice: str, conflicts: Sequence[Conflict]) -> set[str]:
    """Return the conflicting groups that a choice doesn't have."""
    return {group for conflict in conflicts for group in conflict} - {*choice.split(SEPARATOR)}


def among(conflicts: Iterable[Conflict], groups: Collection[str]) -> tuple[Conflict, ...]:
    """Return what remains of conflicts where there are only some groups."""
    remaining = (tuple(group for group in conflict if group in groups) for conflict in conflicts)
    return tuple(dict.fromkeys(conflict for conflict in remaining if len(conflict) > 1))


def _choices(conflicts: Sequence[Conflict]) -> Iterator[tuple[str, ...]]:
    """Yield each set of groups, sorted, of which no two exclude each other, smallest first."""
    every = sorted({group for conflict in conflicts for group in conflict})
    # No choice has more groups than there are conflicts that it takes one of each.
    for size in range(1, len(conflicts) + 1):
        for choice in combinations(every, size):
            if clash_of(choice, conflicts) is None:
                yield choice
