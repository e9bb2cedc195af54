"""The files of a lock that are looked at."""

from collections.abc import Iterable
from dataclasses import dataclass

from lock.models.needs import Key
from lock.models.packages import File
from lock.models.target import Target


@dataclass(frozen=True)
class LockedFile:
    """The file of a package that a target installs, or that builds there need."""

    name: str
    version: str
    file: File
    target: Target

    @property
    def key(self) -> Key:
        """Return the package's name and version."""
        return self.name, self.version


def total_size(files: Iterable[LockedFile]) -> int:
    """Return how many bytes files have, as far as that is known."""
    return sum(one.file.size or 0 for one in files)
