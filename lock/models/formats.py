"""Which formats of a package may be taken: wheels, source distributions, or both."""

from collections.abc import Collection
from dataclasses import dataclass

from lock.models.requirements import ALL


@dataclass(frozen=True)
class Formats:
    """Projects of which one format is never taken; a name goes before ALL, as for pip.

    A direct reference names its file, so ALL doesn't hold for it.
    """

    no_binary: Collection[str] = ()
    no_build: Collection[str] = ()

    def is_built(self, name: str, *, of_index: bool) -> bool:
        """Return whether a package is built from source even where a wheel fits."""
        if name in self.no_binary:
            return True
        return of_index and ALL in self.no_binary and name not in self.no_build

    def is_never_built(self, name: str, *, of_index: bool) -> bool:
        """Return whether a package is never built from source."""
        if not of_index or name in self.no_binary:
            return False
        return name in self.no_build or (ALL in self.no_build and ALL not in self.no_binary)
