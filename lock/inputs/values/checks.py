"""Checks single values, the same for every kind of file.

Each function returns the value in its normal form, or raises UsageError, whose text says what is
wrong and, after a semicolon, what to do.
"""

import os
import posixpath
import re
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.values.specifier import translate
from lock.models.requirements import DEFAULT_GROUP
from lock.models.times import is_span

NAME = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
# A name, extras, a specifier and a marker (PEP 508), without a direct reference.
REQUIREMENT = re.compile(
    r"\s*([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)\s*(\[[^\]]*\])?\s*\(?([^@;()]*?)\)?\s*(?:;(.*))?",
    re.ASCII | re.IGNORECASE,
)
# Variables that markers have only in a package's metadata or in a lock (PEP 508, PEP 751).
INNER_VARIABLES = re.compile(r"\b(extras?|dependency_groups)\b")
# Longer values exceed Python's limits of recursion, or of digits in a number, in `packaging`.
MAX_TEXT_LENGTH = 1000
MAX_MARKER_DEPTH = 50
PROJECT_FILES = ("pyproject.toml", "setup.py")
FILE_SUFFIXES = (".whl", ".tar.gz", ".zip", ".tar.bz2")


def check_marker(text: str) -> str:
    """Check the marker (PEP 508) of a requirement."""
    if text.count("(") > MAX_MARKER_DEPTH:
        raise UsageError(f"the marker has too many parentheses; write at most {MAX_MARKER_DEPTH}")
    try:
        marker = str(Marker(text))
    except InvalidMarker:
        raise UsageError(
            f'"{text}" is no marker; write one such as "sys_platform == \'linux\'"'
        ) from None
    outside_quotes = re.sub(r"'[^']*'|\"[^\"]*\"", '""', marker)
    inner = INNER_VARIABLES.search(outside_quotes)
    if inner:
        raise UsageError(
            f"`{inner[0]}` means nothing in a requirement's marker; "
            "name a system or a version of Python there"
        )
    if "===" in outside_quotes:
        raise UsageError("a marker can't compare with `===` here; write `==`")
    return marker


def check_requirement(text: str) -> str:
    """Check a requirement, and return its form of PEP 508; its specifier may be Poetry's."""
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        raise UsageError(f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"')
    name, extras, specifier, marker = match.groups()
    marker = f" ; {check_marker(marker.strip())}" if marker else ""
    found = f"{canonicalize_name(name)}{extras or ''}{translate(specifier)}{marker}"
    try:
        return str(Requirement(found))
    except InvalidRequirement:
        raise UsageError(
            f'"{text}" is no requirement; write one such as "numpy>=1.20" or "Cython"'
        ) from None


def check_name(text: str) -> str:
    """Check the name of a project, and normalize it (PEP 503)."""
    if not NAME.fullmatch(text):
        raise UsageError(f'"{text}" is no package\'s name; write letters, digits, ".", "_" and "-"')
    return canonicalize_name(text)


def check_extra(text: str) -> str:
    """Check the name of an extra, and normalize it (PEP 685)."""
    if not NAME.fullmatch(text):
        raise UsageError(
            f'"{text}" is no name of an extra; write letters, digits, ".", "_" and "-"'
        )
    return canonicalize_name(text)


def check_group(text: str) -> str:
    """Check the name of a dependency group, and normalize it (PEP 735)."""
    if not NAME.fullmatch(text):
        raise UsageError(f'"{text}" is no name of a group; write letters, digits, ".", "_" and "-"')
    if canonicalize_name(text) == DEFAULT_GROUP:
        raise UsageError(
            f"the group `{DEFAULT_GROUP}` is what stands below `requirements:`; "
            "choose another name, or put its packages there"
        )
    return canonicalize_name(text)


def further_group(text: str) -> str:
    """Return the name of the group of an extra or a group of another tool's lock, normalized.

    One that is called as the default group gets another name, since nobody can rename it there.
    """
    name = canonicalize_name(text)
    return f"{DEFAULT_GROUP}-group" if name == DEFAULT_GROUP else name


def check_index_name(text: str) -> str:
    """Check the name of an index (uv's rules)."""
    if not NAME.fullmatch(text):
        raise UsageError(
            f'"{text}" is no name of an index; write letters, digits, ".", "_" and "-"'
        )
    return text


def split_address(text: str) -> SplitResult:
    """Split a URL. Raises UsageError for an invalid one."""
    try:
        return urlsplit(text)
    except ValueError:
        raise UsageError('this is no address; write one such as "https://…/simple/"') from None


def check_address(text: str) -> str:
    """Check a URL with the scheme http, https or file, and without credentials."""
    address = split_address(text)
    found = address.scheme in ("http", "https") and address.hostname
    found = found or (address.scheme == "file" and address.path)
    if not found or any(sign.isspace() for sign in text):
        raise UsageError('this is no address; write one such as "https://…/simple/"')
    if address.username or address.password:
        raise UsageError(
            "an address must not hold a password; put it into ~/.netrc, or into the variables "
            "UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD"
        )
    return text


def check_file_address(text: str) -> str:
    """Check the URL of a wheel or a source distribution."""
    address = check_address(text)
    if not split_address(address).path.endswith(FILE_SUFFIXES):
        raise UsageError(
            f"this is the address of neither a wheel nor a source distribution; "
            f"write one that ends in {', '.join(FILE_SUFFIXES)}"
        )
    return address


def check_git_address(text: str) -> str:
    """Check the URL of a git repository; one with the scheme ssh may have a user."""
    bare = text.removeprefix("git+")
    if re.match(r"[\w.-]+@[\w.-]+:(?!/)", bare):
        raise UsageError('git\'s short form is not known here; write "ssh://git@host/path"')
    if re.fullmatch(r"ssh://([\w.-]+@)?[\w.-]+(:\d+)?/\S+", bare):
        return bare
    return check_address(bare)


def check_revision(text: str) -> str:
    """Check a revision of git: a commit, a tag or a branch."""
    if not re.fullmatch(r"[\w./+-]+", text) or text.startswith("-") or ".." in text:
        raise UsageError(f'"{text}" is no revision; write a commit, a tag or a branch')
    return text


def check_subdirectory(text: str) -> str:
    """Check the path of a project below the top of a repository or an archive."""
    path = posixpath.normpath(text)
    if not text or path.startswith(("/", "..")) or any(sign < " " for sign in path):
        raise UsageError(
            f'"{text}" is no folder below the top; write its path from there, such as "python/lib"'
        )
    return path


def check_time(text: str) -> str:
    """Check a date, a time with its zone (RFC 3339), or a span of time such as "7 days"."""
    if is_span(text):
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or ("T" in text.upper() and found.tzinfo is None):
        raise UsageError(
            f'"{text}" is no date; write one such as "2026-01-31" or "2026-01-31T12:00:00Z"'
        )
    return text


def parse_name(key: str) -> Requirement | None:
    """Return the requirement in a key such as `name[extra]`; None if it is none (PEP 508)."""
    try:
        named = Requirement(key)
        canonicalize_name(named.name, validate=True)
    except (InvalidName, InvalidRequirement):
        return None
    return named


def check_path(folder: Path, text: str) -> str:
    """Check the path of a project, wheel or sdist relative to a folder; return it absolute."""
    path = Path(os.path.normpath(folder.absolute() / text))
    if not path.exists():
        raise UsageError(f"there is no {path}; name a project's folder or a wheel")
    if path.is_dir() and not any((path / name).is_file() for name in PROJECT_FILES):
        raise UsageError(f"{path} is no project; a {' or a '.join(PROJECT_FILES)} belongs there")
    if path.is_file() and not path.name.endswith(FILE_SUFFIXES):
        raise UsageError(
            f"{path} is neither a wheel nor a source distribution; name a project's folder, or a "
            f"file that ends in {', '.join(FILE_SUFFIXES)}"
        )
    return str(path)
