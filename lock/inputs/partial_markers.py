"""Markers that ask which extras and groups are wanted, once that is settled."""

import re
from collections.abc import Callable

from lock.models.target import NEWEST_MINOR, OLDEST_MINOR, SYSTEMS, Target

# Markers that hold everywhere, and nowhere.
TRUE = 'python_version >= "0"'
FALSE = 'python_version < "0"'


def settle(
    marker: str, clause: re.Pattern[str], holds: Callable[[re.Match[str]], bool]
) -> str | None:
    """A marker with each clause that matches replaced by whether it holds; None if it never can.

    Raises packaging.markers.InvalidMarker.
    """
    settled = clause.sub(lambda match: TRUE if holds(match) else FALSE, marker)
    return settled if _can_hold(settled) else None


def _can_hold(marker: str) -> bool:
    """Whether a marker holds on anything that can be locked for."""
    return any(
        Target(system, f"3.{minor}").satisfies(marker)
        for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1)
        for system in SYSTEMS.values()
    )
