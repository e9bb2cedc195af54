"""Evaluates those clauses of a marker that are about extras and groups."""

import re
from collections.abc import Callable

from lock.models.target import NEWEST_MINOR, OLDEST_MINOR, SYSTEMS, Target

# A marker that always holds, and one that never does.
TRUE = 'python_version >= "0"'
FALSE = 'python_version < "0"'


def evaluate_clauses(
    marker: str, clause: re.Pattern[str], holds: Callable[[re.Match[str]], bool]
) -> str | None:
    """Replace each matching clause of a marker by its truth value; return None if it can't hold.

    Raises packaging.markers.InvalidMarker.
    """
    evaluated = clause.sub(lambda match: TRUE if holds(match) else FALSE, marker)
    return evaluated if _can_hold(evaluated) else None


def both(first: str | None, second: str | None) -> str | None:
    """Return the marker that holds where two do; None always holds."""
    if first is None or second is None or first == second:
        return first if second is None else second
    return f"({first}) and ({second})"


def _can_hold(marker: str) -> bool:
    """Return whether a marker holds on any supported target."""
    return any(
        Target(system, f"3.{minor}").satisfies(marker)
        for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1)
        for system in SYSTEMS.values()
    )
