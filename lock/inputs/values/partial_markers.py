"""Evaluates those clauses of a marker that are about extras and groups."""

import re
from collections.abc import Callable

from lock.inputs.values.markers import can_hold

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
