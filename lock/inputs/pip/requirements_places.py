"""Finds what lines of requirements.txt name by a path or a URL instead of a project's name."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion

from lock.errors import UsageError
from lock.inputs.project import projects
from lock.inputs.values.checks import FILE_SUFFIXES, check_path, split_address
from lock.inputs.values.hashes import hashes_behind

# As pip knows them, those of other version control systems included.
URL = re.compile(r"(?:(?:git|hg|svn|bzr)\+[a-z-]+|https?|file|ftp):", re.IGNORECASE)
OTHER_VERSION_CONTROL = re.compile(r"(?:hg|svn|bzr)\+", re.IGNORECASE)
# The beginning of a requirement with a direct reference (PEP 508).
NAMED = re.compile(r"[A-Za-z0-9][\w.-]*\s*(\[[^\]]*\])?\s*@")
# Before a marker; a URL may hold a semicolon.
MARKER_OF_URL = re.compile(r"\s;|;\s")
EXTRAS = re.compile(r"(.+?)\s*(\[[^\[\]]*\])")


@dataclass(frozen=True)
class Place:
    """A path or URL with the extras and the marker behind it, each with its sign, or empty."""

    address: str
    extras: str
    marker: str


def is_url(text: str) -> bool:
    """Return whether a line is a URL without a name before it."""
    return URL.match(text) is not None


def is_path(text: str) -> bool:
    """Return whether a line is a path, which pip tells by a slash, a first dot or a suffix."""
    if not (text.startswith(".") or any(sign in text for sign in ("/", *FILE_SUFFIXES))):
        return False
    bare = split(text).address
    if NAMED.match(bare):
        return False
    return "/" in bare or bare.startswith(".") or bare.endswith(FILE_SUFFIXES)


def split(text: str) -> Place:
    """Split a line that is a path or a URL into its parts."""
    if is_url(text):
        before, *after = MARKER_OF_URL.split(text, maxsplit=1)
        marker = "".join(after)
    else:
        before, _, marker = text.partition(";")
    address, hash_sign, fragment = before.strip().partition("#")
    extras = EXTRAS.fullmatch(address)
    return Place(
        (extras[1] if extras else address) + hash_sign + fragment,
        extras[2] if extras else "",
        f" ; {marker.strip()}" if marker.strip() else "",
    )


def find(working: Path, beside: Path, text: str) -> str:
    """Return the absolute path of a project, wheel or sdist.

    It is seen from the working directory, as by pip, or from the folder `beside` the file where
    only that has it. Raises UsageError where neither has it, or each has another one.
    """
    paths = [os.path.normpath(folder.absolute() / text) for folder in (working, beside)]
    found = [path for path in dict.fromkeys(map(os.path.realpath, paths)) if _is_there(path)]
    if len(found) > 1:
        there = os.path.relpath(paths[1], working.absolute())
        raise UsageError(
            f"both {paths[0]} and {paths[1]} are there, and pip takes the one that is seen from "
            f"the working directory; write ./{there} for the other, "
            f"or file://${{PWD}}/{text} for that one"
        )
    for path in paths:
        if _is_there(path):
            return path
    seen = [folder for folder in (working, beside) if (folder / text).exists()]
    return check_path((seen or [working])[0], text)


def _is_there(path: str) -> bool:
    try:
        check_path(Path(path), "")
    except UsageError:
        return False
    return True


def name_in_path(path: Path) -> str | None:
    """Return the name of the project that a folder or a file is of; None if it doesn't tell.

    Raises UsageError for a folder that can't be read.
    """
    return projects.read(path).name if path.is_dir() else name_in_file_name(path.name)


def name_in_url(address: str) -> str | None:
    """Return the project's name in the file name of a URL; None if it has none."""
    return name_in_file_name(unquote(split_address(address).path.rpartition("/")[2]))


def name_in_file_name(name: str) -> str | None:
    """Return the project's name in the file name of a wheel or sdist; None if it has none.

    Raises UsageError for a wheel with an invalid name (PEP 427).
    """
    try:
        if name.endswith(".whl"):
            return parse_wheel_filename(name)[0]
        return parse_sdist_filename(name)[0]
    except InvalidWheelFilename:
        raise UsageError(
            f'"{name}" is no name of a wheel; write one such as "a-1.0-py3-none-any.whl"'
        ) from None
    except (InvalidSdistFilename, InvalidVersion):
        return None


def hashes_of_address(text: str) -> set[str]:
    """Return the hashes behind the `#` of a URL. Raises UsageError for one that is none."""
    return {*hashes_behind(split(text).address)} if "#" in text else set()
