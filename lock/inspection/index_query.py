"""What the commands that ask an index about a lock share."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from lock.inspection import simple_index
from lock.io import temporary
from lock.lockfile.reader import Lock
from lock.models.requirements import Index
from lock.models.target import SYSTEMS, Target
from lock.resolution import uv


@dataclass(frozen=True)
class Asking:
    """A lock, and the indexes that it was made from."""

    lock: Lock
    targets: Mapping[str, Target]
    environment: Mapping[str, str]
    indexes: Sequence[Index]
    # Name of a package → the address of its index.
    registries: Mapping[str, str]

    def entries(self, name: str) -> list[simple_index.Entry]:
        """The files of a package, none of one that isn't from an index.

        Raises UsageError when the index doesn't answer.
        """
        if name not in self.registries:
            return []
        return simple_index.read(self.registries[name], name, self.environment, self.indexes)


@contextmanager
def asking(lock: Lock, environment: Mapping[str, str], name: str | None = None) -> Iterator[Asking]:
    """Finds out which index has what, or only where a package is.

    Raises UsageError when uv doesn't find it.
    """
    indexes = [
        Index(
            index["name"],
            index["url"],
            explicit=index.get("use") == "explicit",
            default=index.get("use") == "default",
            flat=index.get("format") == "flat",
        )
        for index in lock.requested.get("indexes", ())
    ]
    targets = {name: _target(name, floor, lock.python) for name, floor in lock.systems.items()}
    with temporary.folder() as folder:
        resolver = uv.Resolver(folder, environment, uv.Options(indexes=indexes))
        found = simple_index.registries(resolver, lock, [*targets.values()], name)
        yield Asking(lock, targets, environment, indexes, found)


def _target(name: str, floor: Mapping[str, str], python: str) -> Target:
    system = SYSTEMS[name]
    version = floor.get(system.floor_kind, system.floor_version)
    return Target(replace(system, floor_version=version), python)
