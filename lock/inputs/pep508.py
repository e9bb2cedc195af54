"""Requirements in PEP 508's own form, as requirements.txt and pyproject.toml have them."""

from pathlib import Path
from urllib.parse import unquote

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.utils import InvalidName, canonicalize_name

from lock.errors import UsageError
from lock.inputs.checks import (
    DEEPEST_MARKER,
    LONGEST_TEXT,
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
    """A requirement in PEP 508's form; `folder` is what a relative path is seen from.

    Raises UsageError, which doesn't say where the text stands, and lock.specifier.SpecifierError.
    """
    if len(text) > LONGEST_TEXT or text.count("(") > DEEPEST_MARKER:
        raise UsageError(f"the requirement is too long; write at most {LONGEST_TEXT} characters")
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
    """What a direct reference leads to (PEP 440). Raises UsageError."""
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
        path = unquote(split_address(bare).path)
        return Local(check_path(folder, path), path)
    return Url(check_file_address(bare))
