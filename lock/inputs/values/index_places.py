"""The places of indexes that lie on this machine: folders of files, or of pages."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lock.errors import UsageError
from lock.inputs.values.checks import FILE_SUFFIXES

SCHEME = re.compile(r"[a-z][a-z+.-]+:", re.IGNORECASE)


def is_path(text: str) -> bool:
    """Return whether the place of an index is written as a path, and not as a URL."""
    return not SCHEME.match(text)


def check_place(folders: Sequence[Path], text: str) -> str:
    """Return the URL of a path, as seen from the first folder that has it.

    Raises UsageError where none has it.
    """
    paths = [(folder.absolute() / text).resolve() for folder in folders]
    found = next((path for path in paths if path.exists()), None)
    if found is None:
        raise UsageError(f"there is no {paths[0]}; name a folder, or an address")
    return found.as_uri()


def is_flat(url: str) -> bool:
    """Return whether a place on this machine is a folder of files, and not of pages (PEP 503)."""
    address = urlsplit(url)
    if address.scheme != "file":
        return False
    folder = Path(unquote(address.path))
    return folder.is_dir() and any(file.name.endswith(FILE_SUFFIXES) for file in folder.iterdir())
