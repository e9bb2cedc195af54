"""What a package set has: the names of its Python packages, and their versions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lock.errors import UsageError


@dataclass(frozen=True)
class PackageSet:
    """The Python packages of a package set."""

    # The attributes; versions are of those that were asked for.
    names: frozenset[str]
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


def from_file(file: Path) -> PackageSet:
    """Return the package set whose names a file lists, one a line. Raises UsageError."""
    try:
        lines = file.read_text(encoding="utf-8").split()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not a text of names, one a line: {error}") from None
    if not lines:
        raise UsageError(f"{file}: it has no names; write those of Python packages, one a line")
    return PackageSet(frozenset(lines))
