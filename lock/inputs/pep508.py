"""Parses requirements in the form of PEP 508, as in requirements.txt and pyproject.toml."""

import os
from pathlib import Path
from urllib.parse import unquote

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.checks import (
    MAX_MARKER_DEPTH,
    MAX_TEXT_LENGTH,
    check_extra,
    check_file_address,
    check_git_address,
    check_marker,
    check_path,
    check_revision,
    split_address,
)
from lock.inputs.specifier import translate
from lock.models.requirements import Git, Local, Reference, Requirement, Url


def requirement(text: str, folder: Path) -> Requirement:
    """Return the requirement in a text; a relative path is relative to `folder`.

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
    return Requirement(
        canonicalize_name(parsed.name),
        tuple(sorted({check_extra(extra) for extra in parsed.extras})),
        translate(str(parsed.specifier)),
        check_marker(str(parsed.marker)) if parsed.marker else None,
        reference=reference(parsed.url, folder) if parsed.url else None,
    )


def reference(address: str, folder: Path) -> Reference:
    """Return the direct reference in a URL (PEP 440). Raises UsageError for an invalid one."""
    bare, _, fragment = address.partition("#")
    if "subdirectory=" in fragment:
        raise UsageError(
            "a project in a subdirectory can't be locked; name one at the top of its repository"
        )
    if bare.startswith("git+"):
        repository, rev = bare.removeprefix("git+"), None
        if "@" in split_address(repository).path:
            repository, _, rev = repository.rpartition("@")
        return Git(check_git_address(repository), rev and check_revision(rev))
    if bare.startswith("file:"):
        # The project's folder, as PDM has it.
        path = unquote(split_address(bare).path).replace("/${PROJECT_ROOT}", str(folder.absolute()))
        found = check_path(folder, path)
        inside = os.path.relpath(found, folder.absolute()) if path != bare[7:] else path
        return Local(found, inside)
    return Url(check_file_address(bare))
