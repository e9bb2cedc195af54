"""What leads to what in a lock, with extras and systems."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.lockfile.reader import Lock, Package


@dataclass(frozen=True)
class Step:
    """A package that something asks for, with extras, on systems; both are sorted."""

    package: Package
    extras: tuple[str, ...]
    systems: tuple[str, ...]

    def __str__(self) -> str:
        extras = f"[{','.join(self.extras)}]" if self.extras else ""
        return f"{self.package.name}{extras} {self.package.version}"


def groups_of(lock: Lock, named: Collection[str]) -> list[str]:
    """The groups that are named, all without names. Raises UsageError for one that isn't there."""
    unknown = sorted({*named} - {*lock.groups})
    if unknown:
        raise UsageError(
            f"{lock.file}: there is no group {unknown[0]}; it has {', '.join(lock.groups)}"
        )
    return [group for group in lock.groups if not named or group in named]


def systems_of(lock: Lock, named: Sequence[str]) -> tuple[str, ...]:
    """The systems that are named, all without names. Raises UsageError for one not locked for."""
    unknown = sorted({*named} - {*lock.systems})
    if unknown:
        raise UsageError(
            f"{lock.file}: it isn't for {unknown[0]}, only for {', '.join(lock.systems)}"
        )
    return tuple(system for system in lock.systems if not named or system in named)


def roots(lock: Lock, group: str, systems: Sequence[str]) -> list[Step]:
    """What a group asks for."""
    return [
        step
        for wanted in lock.groups[group]
        for step in _steps(lock, canonicalize_name(wanted.name), wanted.extras, systems)
    ]


def after(lock: Lock, step: Step) -> list[Step]:
    """What a step leads to: what the package needs in any case, and for its extras."""
    extras: dict[tuple[str, str], set[str]] = {}
    for edge in step.package.edges:
        if not edge.of_extras or {*edge.of_extras} & {*step.extras}:
            for system in edge.systems:
                if system in step.systems:
                    extras.setdefault((edge.name, system), set()).update(edge.extras)
    # Systems that ask for the same extras go together.
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (name, system), asked in extras.items():
        together.setdefault((name, tuple(sorted(asked))), []).append(system)
    return [
        found
        for (name, asked), systems in sorted(together.items())
        for found in _steps(lock, name, asked, systems)
    ]


def _steps(
    lock: Lock, name: str, extras: Collection[str], systems: Sequence[str]
) -> Iterator[Step]:
    for package in lock.by_name.get(name, ()):
        having = tuple(system for system in package.systems if system in systems)
        if having:
            yield Step(package, tuple(sorted(map(canonicalize_name, extras))), having)
