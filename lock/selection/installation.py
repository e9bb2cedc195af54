"""What one target installs of a resolution, and why it leaves packages out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from packaging.markers import InvalidMarker

from lock.errors import LockError
from lock.models.packages import Dependency, Package, Resolution
from lock.models.target import Target


@dataclass(frozen=True)
class InstalledDependency:
    """A dependency that holds on a target: a package, with the extras of it that are needed."""

    name: str
    extras: frozenset[str] = frozenset()
    # The dependent's own extra that needs it; None where it is always needed.
    of_extra: str | None = None


@dataclass(frozen=True, order=True)
class Range:
    """The versions of a package that somebody asks for; the resolver hasn't decided about them."""

    # The dependent's name; empty for the requirements.
    by: str
    # PEP 440.
    specifier: str
    # The package that is asked for, where this one stands in its place; else empty.
    asked: str = ""


@dataclass(frozen=True)
class Installation:
    """What one target installs: one version of each package, and their dependencies there."""

    target: Target
    packages: Mapping[str, Package]
    # Package → what it needs here; of its extras only those in use.
    dependencies: Mapping[str, frozenset[InstalledDependency]]
    # Package → its extras in use here.
    extras: Mapping[str, frozenset[str]]
    # Package → the ranges that are asked of it here; most have none.
    ranges: Mapping[str, frozenset[Range]] = field(default_factory=dict)

    @cached_property
    def dependency_names(self) -> Mapping[str, frozenset[str]]:
        """Return, by package, the names of the other packages that it needs here."""
        return {
            dependent: frozenset(dependency.name for dependency in dependencies) - {dependent}
            for dependent, dependencies in self.dependencies.items()
        }


class _TwoVersionsError(LockError):
    """The dependencies that hold on a target lead to two versions of a package."""


def install(resolution: Resolution, target: Target) -> Installation:
    """Follow the dependencies that hold on a target, extras included, from the requirements on.

    Where patch releases of Python differ in the version of a package, the latest one decides.

    Raises LockError where the resolution is not what uv promises.
    """
    try:
        return _install(resolution, target, latest=False)
    except _TwoVersionsError:
        return _install(resolution, target, latest=True)


def _install(resolution: Resolution, target: Target, *, latest: bool) -> Installation:
    packages: dict[str, Package] = {}
    dependencies: dict[str, set[InstalledDependency]] = {}
    extras: dict[str, set[str]] = {}
    ranges: dict[str, set[Range]] = {}
    visited: set[tuple[str, str | None]] = set()
    pending: list[tuple[str | None, str | None, Dependency]] = [
        (None, None, requirement) for requirement in resolution.requirements
    ]
    while pending:
        dependent, of_extra, dependency = pending.pop()
        if not _holds(dependency, target, latest=latest):
            continue
        package = resolution.find(dependency)
        if packages.setdefault(package.name, package) is not package:
            raise _TwoVersionsError(
                f"the lock gives {target.system.name} two versions of {package.name}; "
                "lock again, perhaps with another version of uv"
            )
        if dependency.specifier:
            range_ = Range(dependent or "", dependency.specifier, dependency.asked)
            ranges.setdefault(package.name, set()).add(range_)
        needed_extras = frozenset(dependency.extras & package.extras.keys())
        if dependent is not None:
            dependencies.setdefault(dependent, set()).add(
                InstalledDependency(package.name, needed_extras, of_extra)
            )
        in_use = extras.setdefault(package.name, set())
        in_use |= needed_extras
        for extra in (None, *sorted(in_use)):
            if (package.name, extra) not in visited:
                visited.add((package.name, extra))
                listed = package.dependencies if extra is None else package.extras[extra]
                pending.extend((package.name, extra, further) for further in listed)
    return Installation(
        target,
        dict(sorted(packages.items())),
        {name: frozenset(dependencies.get(name, ())) for name in packages},
        {name: frozenset(in_use) for name, in_use in extras.items()},
        {name: frozenset(found) for name, found in ranges.items()},
    )


def why_left_out(resolution: Resolution, installation: Installation, package: Package) -> str:
    """Explain why a target doesn't install a package of the resolution."""
    installed = installation.packages.get(package.name)
    if installed is not None:
        return f"version {installed.version} is installed there"
    conditional: set[str] = set()
    absent: set[str] = set()
    for dependent, extra, dependency in resolution.dependents_of(package):
        if dependent is None:
            conditional.add(f"the requirements ask for it only where {dependency.marker}")
        elif installation.packages.get(dependent.name) is not dependent:
            absent.add(f"{dependent.name} {dependent.version}")
        elif extra is not None and extra not in installation.extras[dependent.name]:
            absent.add(f"{dependent.name}[{extra}]")
        else:
            conditional.add(f"{dependent.name} needs it only where {dependency.marker}")
    if conditional:
        return "; ".join(sorted(conditional))
    if absent:
        verb = "needs" if len(absent) == 1 else "need"
        return f"only {', '.join(sorted(absent))} {verb} it, not installed there either"
    return "nothing that is installed there needs it"


def _holds(dependency: Dependency, target: Target, *, latest: bool) -> bool:
    try:
        return target.satisfies(dependency.marker, latest=latest)
    except InvalidMarker:
        raise LockError(
            f"the lock has the marker {dependency.marker!r} on {dependency.name}, which can't be "
            "read; lock again, perhaps with another version of uv"
        ) from None
