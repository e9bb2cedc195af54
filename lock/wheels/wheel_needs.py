"""What one wheel needs of the system, and what it gives to others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lock.errors import UsageError

if TYPE_CHECKING:
    from native.opened import Opening

# What the cache says of wheels that are only read where they are installed.
TOO_LARGE = "too-large"


class TooLargeError(UsageError):
    """A wheel that this machine doesn't install has too much to read."""


@dataclass(frozen=True)
class NativeFile:
    """An ELF file: the names by which others need it, and the sonames that it needs.

    `is_loaded` says that it is loaded though no other file needs it: an extension module, a
    program, a library of a wheel whose Python code opens libraries.
    """

    names: tuple[str, ...]
    needed: tuple[str, ...]
    is_loaded: bool


@dataclass(frozen=True)
class WheelNeeds:
    """The ELF files of a wheel, and the libraries that its Python code opens by name.

    `mentioned` has the first names of all modules that its code may import, and other words.
    """

    files: tuple[NativeFile, ...] = ()
    openings: "tuple[Opening, ...]" = ()
    mentioned: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return it as what JSON has."""
        from native.opened import openings_to_json

        files = [[[*one.names], [*one.needed], one.is_loaded] for one in self.files]
        return {
            "files": files,
            "openings": openings_to_json(self.openings),
            "mentioned": sorted(self.mentioned),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "WheelNeeds":
        """Return what `to_json` made. Raises KeyError, TypeError or ValueError for other data."""
        files = (
            NativeFile(tuple(names), tuple(needed), is_loaded)
            for names, needed, is_loaded in data["files"]
        )
        openings: tuple[Opening, ...] = ()
        if data["openings"]:
            # Imported here because few wheels open a library, and it takes longer than the rest.
            from native.opened import openings_from_json

            openings = openings_from_json(data["openings"])
        return cls(tuple(files), openings, frozenset(data["mentioned"]))
