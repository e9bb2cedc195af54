"""Parses requirements in the form of PEP 508, as in requirements.txt and pyproject.toml."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.values.checks import (
    FILE_SUFFIXES,
    MAX_MARKER_DEPTH,
    MAX_TEXT_LENGTH,
    check_extra,
    check_file_address,
    check_git_address,
    check_marker,
    check_path,
    check_revision,
    check_subdirectory,
    split_address,
)
from lock.inputs.values.hashes import fragments, hashes_behind
from lock.inputs.values.specifier import translate
from lock.models.requirements import Git, Local, Reference, Requirement, Url

# Returns the absolute path of a project or a file, as seen from a folder.
Find = Callable[[Path, str], str]


def requirement(text: str, folder: Path, find: Find = check_path) -> Requirement:
    """Return the requirement in a text; a relative path is relative to `folder`.

    `find` returns the absolute path of a project or a file, or raises UsageError.

    Raises UsageError and SpecifierError, which don't say where the text stands.
    """
    if len(text) > MAX_TEXT_LENGTH or text.count("(") > MAX_MARKER_DEPTH:
        raise UsageError(f"the requirement is too long; write at most {MAX_TEXT_LENGTH} characters")
    # The project's folder, as hatchling has it.
    text = text.replace("{root:uri}", folder.absolute().as_uri())
    try:
        parsed = Pep508(text)
        canonicalize_name(parsed.name, validate=True)
    except (InvalidName, InvalidRequirement):
        raise UsageError(
            f'"{text}" is no requirement (PEP 508); write one such as "numpy>=1.20,<2"'
        ) from None
    name, extras = canonicalize_name(parsed.name), parsed.extras
    if parsed.url:
        extras = extras | _egg_extras(parsed.url, name)
    return Requirement(
        name,
        tuple(sorted({check_extra(extra) for extra in extras})),
        translate(str(parsed.specifier)),
        check_marker(str(parsed.marker)) if parsed.marker else None,
        reference=reference(parsed.url, folder, find) if parsed.url else None,
    )


def reference(address: str, folder: Path, find: Find = check_path) -> Reference:
    """Return the direct reference in a URL (PEP 440). Raises UsageError for an invalid one."""
    bare, subdirectory = address.partition("#")[0], subdirectory_of(address)
    if bare.startswith("git+"):
        repository, rev = bare.removeprefix("git+"), None
        if "@" in split_address(repository).path:
            repository, _, rev = repository.rpartition("@")
        return Git(check_git_address(repository), rev and check_revision(rev), subdirectory)
    if bare.startswith("file:"):
        # The project's folder, as PDM has it.
        path = file_path(bare).replace("/${PROJECT_ROOT}", str(folder.absolute()))
        path = below(path, subdirectory)
        found = find(folder, path)
        inside = os.path.relpath(found, folder.absolute()) if path != bare[7:] else path
        return Local(found, inside)
    return file_url(address)


def file_url(address: str, subdirectory: str | None = None) -> Url:
    """Return the direct reference to a file, with the hashes behind its address.

    Raises UsageError for an invalid one.
    """
    bare = check_file_address(address.partition("#")[0])
    return Url(bare, subdirectory or subdirectory_of(address), hashes_behind(address))


def file_path(address: str) -> str:
    """Return the path in a URL with the scheme `file`, which may be relative, as for pip.

    Raises UsageError for one on another machine.
    """
    parts = split_address(address.partition("#")[0])
    if parts.netloc not in ("", "localhost"):
        raise UsageError(
            f"this names a file on the machine {parts.netloc}; "
            "write three slashes before an absolute path, and none before a relative one"
        )
    return re.sub("^//+", "/", unquote(parts.path))


def below(path: str, subdirectory: str | None) -> str:
    """Return the path of a folder in a folder. Raises UsageError for a file's path."""
    if subdirectory and path.endswith(FILE_SUFFIXES):
        raise UsageError("uv looks for no subdirectory in a file on this machine; unpack it")
    return f"{path}/{subdirectory}" if subdirectory else path


def subdirectory_of(address: str) -> str | None:
    """Return the subdirectory that a direct reference names; None for the top."""
    text = fragments(address).get("subdirectory")
    found = check_subdirectory(unquote(text)) if text else None
    return None if found == "." else found


def egg(address: str) -> Pep508 | None:
    """Return the name and the extras that a direct reference has as its `egg`, if any.

    Raises UsageError for an `egg` that is something else.
    """
    text = fragments(address).get("egg")
    if not text:
        return None
    try:
        found = Pep508(unquote(text))
        canonicalize_name(found.name, validate=True)
    except (InvalidName, InvalidRequirement):
        found = None
    if found is None or found.specifier or found.url or found.marker:
        raise UsageError(
            f'"egg={text}" is no name with extras; write one such as `#egg=httpx[http2]`'
        )
    return found


def _egg_extras(address: str, name: str) -> set[str]:
    """Return the extras in the `egg` of a reference. Raises UsageError for another's name."""
    found = egg(address)
    if found is not None and canonicalize_name(found.name) != name:
        raise UsageError(f"this is {name}, and its `egg` is {found.name}; leave one of them out")
    return found.extras if found else set()
