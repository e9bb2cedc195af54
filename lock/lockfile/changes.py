"""The differences between two locks, package by package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.version import Version

# Name → its versions, oldest first; systems may differ in them.
Versions = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Change:
    """A package that is new, gone, or has other versions."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Return `new`, `gone`, `up` or `down`."""
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
        """Return the change as data for JSON."""
        return {
            "name": self.name,
            "change": self.kind,
            "before": [*self.before],
            "after": [*self.after],
        }


def versions(pairs: Iterable[tuple[str, str]]) -> Versions:
    """Return, by name, the sorted versions of some names and versions (PEP 440)."""
    gathered: dict[str, set[str]] = {}
    for name, version in pairs:
        gathered.setdefault(name, set()).add(version)
    return {name: tuple(sorted(listed, key=Version)) for name, listed in gathered.items()}


def between(before: Versions, after: Versions) -> list[Change]:
    """Return what differs, sorted by name."""
    return [
        Change(name, old, new)
        for name in sorted({*before, *after})
        if (old := before.get(name, ())) != (new := after.get(name, ()))
    ]
