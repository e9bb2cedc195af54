"""File names of distributions: the name in a URL, and what a file name says."""

import re
from urllib.parse import unquote, urlsplit

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_version,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

# In order of preference, where a version has several.
SDIST_SUFFIXES = (".tar.gz", ".zip", ".tar.bz2")
VARIANT_LABEL = re.compile(r"[0-9a-z_.]{1,16}")
# The end of the name of the list of a version's variants on an index.
VARIANTS_LIST = "-variants.json"


def filename_in_url(url: str) -> str:
    """Return the file name at the end of a URL's path (RFC 3986)."""
    # Most URLs are plain, and thousands are read: they need not be taken apart.
    plain = url.isprintable() and url.count("/") > 2 and "?" not in url and "#" not in url
    path = url if plain else urlsplit(url).path
    return unquote(path.rpartition("/")[2])


def name_and_version(filename: str) -> tuple[str, str] | None:
    """Return the normalized project name and version in a file name; None if it has none.

    Source: binary distribution format, source distribution file name (PEP 427, PEP 625).
    """
    found = _parse(filename)
    return None if found is None else (found[0], canonicalize_version(found[1]))


def version_in(filename: str) -> str | None:
    """Return the version in a file name, with all its components; None if it has none."""
    found = _parse(filename)
    return None if found is None else str(found[1])


def variant_label(filename: str) -> str | None:
    """Return the label in the file name of a variant of a wheel; None for any other file.

    Source: PEP 825, a draft: the label is one component more, behind the platform.
    """
    stem, _, label = filename.removesuffix(".whl").rpartition("-")
    if not (filename.endswith(".whl") and VARIANT_LABEL.fullmatch(label)):
        return None
    return None if _parse(filename) else label if _parse(f"{stem}.whl") else None


def _parse(filename: str) -> tuple[str, Version] | None:
    try:
        if filename.endswith(".whl"):
            name, version, *_ = parse_wheel_filename(filename)
        else:
            suffix = next(end for end in SDIST_SUFFIXES if filename.endswith(end))
            name, version = parse_sdist_filename(f"{filename.removesuffix(suffix)}.tar.gz")
    except (InvalidSdistFilename, InvalidVersion, InvalidWheelFilename, StopIteration):
        return None
    return name, version
