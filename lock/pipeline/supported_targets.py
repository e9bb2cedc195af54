"""Whether a project, or an existing lock, is meant for the targets at all."""

from collections.abc import Sequence

from packaging.specifiers import SpecifierSet

from lock.errors import UnsatisfiableError
from lock.models.requirements import Requirements
from lock.models.target import LATEST_PATCH, Target


def check_covered(wanted: Requirements, targets: Sequence[Target], file: str) -> None:
    """Raises UnsatisfiableError, which says what to do, for a target that the file rules out."""
    range_of_python = SpecifierSet(wanted.requires_python or "")
    for python in sorted({target.python_version for target in targets}):
        if not any(f"{python}.{patch}" in range_of_python for patch in (0, LATEST_PATCH)):
            raise UnsatisfiableError(
                f"{file}: it asks for Python {wanted.requires_python}, so it can't be locked for "
                f"{python}; name another version of Python, as in `lock 3.11`"
            )
    environments = wanted.locked.environments if wanted.locked else ()
    if not environments:
        return
    outside = [
        target.system.name
        for target in targets
        if not any(target.satisfies(environment) for environment in environments)
    ]
    if outside:
        rest = [f"--system {target.system.name}" for target in targets]
        kept = [option for option in rest if option.removeprefix("--system ") not in outside]
        advice = f"lock for the others only: {' '.join(kept)}" if kept else "make it for these, too"
        raise UnsatisfiableError(f"{file}: the lock isn't for {', '.join(outside)}; {advice}")
