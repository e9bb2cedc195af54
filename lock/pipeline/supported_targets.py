"""Whether a project, or an existing lock, supports the targets at all."""

from collections.abc import Sequence

from packaging.specifiers import SpecifierSet

from lock.errors import UnsatisfiableError
from lock.models.requirements import Requirements
from lock.models.target import LATEST_PATCH, Target


def check_supported(requirements: Requirements, targets: Sequence[Target], origin: str) -> None:
    """Raise UnsatisfiableError, which says what to do, for a target that is not supported.

    `origin` is the file of the requirements.
    """
    requires_python = SpecifierSet(requirements.requires_python or "")
    for python in sorted({target.python_version for target in targets}):
        if not any(f"{python}.{patch}" in requires_python for patch in (0, LATEST_PATCH)):
            raise UnsatisfiableError(
                f"{origin}: it asks for Python {requirements.requires_python}, so it can't be "
                f"locked for {python}; name another version of Python, as in `lock 3.11`"
            )
    environments = requirements.locked.environments if requirements.locked else ()
    if not environments:
        return
    unsupported = [
        target.system.name
        for target in targets
        if not any(target.satisfies(environment) for environment in environments)
    ]
    if unsupported:
        options = [
            f"--system {target.system.name}"
            for target in targets
            if target.system.name not in unsupported
        ]
        advice = (
            f"lock for the others only: {' '.join(options)}"
            if options
            else "make it for these, too"
        )
        raise UnsatisfiableError(f"{origin}: the lock isn't for {', '.join(unsupported)}; {advice}")
