"""Whether a project, or an existing lock, supports the targets at all."""

from collections.abc import Sequence

from packaging.specifiers import SpecifierSet

from lock.errors import UnsatisfiableError
from lock.models.pythons import example_python, none_fits, supports
from lock.models.requirements import Requirements
from lock.models.target import Target


def check_supported(requirements: Requirements, targets: Sequence[Target], origin: str) -> None:
    """Raise UnsatisfiableError, which says what to do, for a target that is not supported.

    `origin` is the file of the requirements.
    """
    requires_python = SpecifierSet(requirements.requires_python or "")
    for python in sorted({target.python_version for target in targets}):
        if not supports(requires_python, python):
            raise UnsatisfiableError(
                f"{origin}: it asks for Python {requirements.requires_python}, so it can't be "
                f"locked for {python}; {_remedy(requirements.requires_python)}"
            )
    for project in requirements.projects:
        for python in sorted({target.python_version for target in targets}):
            if not supports(SpecifierSet(project.requires_python or ""), python):
                raise UnsatisfiableError(
                    f"{origin}: the project {project.name} in {project.path} asks for Python "
                    f"{project.requires_python}, so it can't be locked for {python}; "
                    f"{_remedy(project.requires_python)}"
                )
    left_out = without_environment(requirements, targets)
    if left_out:
        unsupported = [target.system.name for target in left_out]
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


def _remedy(requires_python: str | None) -> str:
    """Return what to do where a range of versions (PEP 440) lacks the Python that is asked for."""
    example = example_python(requires_python)
    if example is None:
        return none_fits()
    return f"name another version of Python, as in `lock {example}`"


def without_environment(requirements: Requirements, targets: Sequence[Target]) -> list[Target]:
    """Return the targets that the lock of another tool isn't for; none without such a lock."""
    environments = requirements.locked.environments if requirements.locked else ()
    return [
        target
        for target in targets
        if environments and not any(map(target.satisfies, environments))
    ]
