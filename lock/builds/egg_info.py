"""Reads what setuptools wrote into a source distribution when it was made.

It holds for the machine that made it: requirements that setup.py chooses by the platform, rather
than by a marker, are those of that machine. So it only stands in for metadata that can't be built.
"""

from importlib.metadata import Distribution
from os import PathLike
from pathlib import Path, PurePosixPath

from lock.builds.sdist import ARCHIVE_ERRORS, entries


class _EggInfo(Distribution):
    """The requirements of a folder `NAME.egg-info`, as importlib.metadata reads them."""

    def __init__(self, requires: str) -> None:
        self._files = {"requires.txt": requires, "PKG-INFO": "Metadata-Version: 1.0\n"}

    def read_text(self, filename: str) -> str | None:
        return self._files.get(filename)

    def locate_file(self, path: str | PathLike[str]) -> Path:
        raise FileNotFoundError(path)


def requirements(archive: Path) -> tuple[str, ...] | None:
    """Return what a source distribution required when it was made (PEP 508); None if unknown."""
    is_made, text = False, ""
    try:
        for name, read in entries(archive):
            path = PurePosixPath(name)
            is_made = is_made or path.match("*.egg-info/PKG-INFO")
            if path.match("*.egg-info/requires.txt"):
                text = read().decode("utf-8")
    except (*ARCHIVE_ERRORS, UnicodeDecodeError):
        return None
    return tuple(_EggInfo(text).requires or ()) if is_made else None
