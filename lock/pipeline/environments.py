"""Which systems are locked, where the requirements are for some environments only."""

from collections.abc import Sequence
from dataclasses import replace

from lock.errors import UsageError
from lock.models.requirements import Requirements
from lock.models.target import Target


def lockable(
    requirements: Requirements, targets: Sequence[Target], origin: str, *, asked: bool
) -> tuple[Sequence[Target], str]:
    """Return those targets that the requirements' environments allow, and a note on the others.

    The note is empty where there are none.

    Raises UsageError where the user `asked` for one of the others, and where none is left.
    """
    if not requirements.environments:
        return targets, ""
    kept = [
        target
        for target in targets
        if any(target.satisfies(marker) for marker in requirements.environments)
    ]
    left_out = [target.system.name for target in targets if target not in kept]
    if not left_out:
        return targets, ""
    names = ", ".join(left_out)
    rule = f"{origin}: its `environments` rule {names} out"
    if asked:
        raise UsageError(f"{rule}; name other systems, or mend `environments`")
    if not kept:
        python = targets[0].python
        raise UsageError(
            f"{rule} for Python {python}; name another Python, or a system with --system"
        )
    return kept, f"{rule}, so the lock isn't for them"


def with_note(requirements: Requirements, note: str) -> Requirements:
    """Return requirements with a further note, unless it is empty or there already."""
    if not note or note in requirements.notes:
        return requirements
    return replace(requirements, notes=(*requirements.notes, note))
