"""What differs between two locks, package by package."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from packaging.version import Version

# Name → its versions, oldest first; systems may differ in them.
Versions = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Change:
    """A package that is new, gone, or there in other versions."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`new`, `gone`, `up` or `down`."""
        if not self.before:
            return "new"
        if not self.after:
            return "gone"
        old, new = ([*map(Version, side)] for side in (self.before, self.after))
        return "up" if new > old else "down"

    def __str__(self) -> str:
        sign = {"new": "+", "gone": "-"}.get(self.kind, "~")
        sides = [", ".join(side) for side in (self.before, self.after) if side]
        return f"{sign} {self.name} {' -> '.join(sides)}"

    def data(self) -> dict[str, object]:
        """For machines."""
        return {
            "name": self.name,
            "change": self.kind,
            "before": [*self.before],
            "after": [*self.after],
        }


def versions(found: Iterable[tuple[str, str]]) -> Versions:
    """The versions in a list of names and versions (PEP 440)."""
    gathered: dict[str, set[str]] = {}
    for name, version in found:
        gathered.setdefault(name, set()).add(version)
    return {name: tuple(sorted(listed, key=Version)) for name, listed in gathered.items()}


def between(before: Versions, after: Versions) -> list[Change]:
    """What differs, sorted by name."""
    return [*_between(before, after)]


def _between(before: Versions, after: Versions) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name, ()), after.get(name, ())
        if old != new:
            yield Change(name, old, new)
