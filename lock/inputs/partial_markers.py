"""Evaluates those clauses of a marker that are about extras and groups."""

import re
from collections.abc import Callable

from packaging.specifiers import SpecifierSet

from lock.models.target import LATEST_PATCH, NEWEST_MINOR, OLDEST_MINOR, SYSTEMS, Target

# A clause about an extra of the project (PEP 508).
EXTRA = re.compile(r"""\bextra\s*==\s*(?P<quote>["'])(?P<name>[^"']*)(?P=quote)""")
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
    return evaluated if can_hold(evaluated) else None


def can_hold(marker: str | None, requires_python: str = "") -> bool:
    """Return whether a marker holds on any supported target, of those with an allowed Python."""
    allowed = SpecifierSet(requires_python)
    return any(
        Target(system, f"3.{minor}").satisfies(marker)
        for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1)
        if any(f"3.{minor}.{patch}" in allowed for patch in (0, LATEST_PATCH))
        for system in SYSTEMS.values()
    )
