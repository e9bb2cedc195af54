"""Reads the requirements that `lock add` is given: PEP 508, addresses and paths."""

import os
import re
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.pip import requirements_txt
from lock.inputs.values import pep508
from lock.inputs.values.specifier import SpecifierError
from lock.models.requirements import Local, Requirement

ADDRESS = re.compile(r"[a-z][a-z+]*:/*[^\s/]", re.IGNORECASE)
ARCHIVE = re.compile(r"\.(whl|zip|tar\.gz|tgz|tar\.bz2|tar\.xz)$", re.IGNORECASE)
# A path with the name of its project, which PEP 508 has only as a URL.
NAMED_PATH = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*@\s*(\.{0,2}/[^;\s]*)\s*(;.*)?")
# Stands before errors of a line, in place of a file.
WHERE = "lock add"


def wanted(text: str, folder: Path) -> Requirement:
    """Return the requirement in a word of the command line.

    A path is relative to the working directory; the requirement has it as it is seen from `folder`,
    that of the user's file.

    Raises UsageError and SpecifierError, which name it, and don't say where it stands.
    """
    try:
        return _wanted(text, folder)
    except (UsageError, SpecifierError) as error:
        if Path(text).name in str(error):
            raise
        raise type(error)(f"{text}: {error}") from None


def is_place(text: str) -> bool:
    """Return whether a requirement is an address or a path without a name before it."""
    bare = re.split(r"[\[;]| @", text.strip(), maxsplit=1)[0].strip()
    if ADDRESS.match(bare) or bare.startswith(("./", "../", "/")) or bare in (".", ".."):
        return True
    return bool(ARCHIVE.search(bare)) or ("/" in bare and " " not in bare)


def _wanted(text: str, folder: Path) -> Requirement:
    named = NAMED_PATH.fullmatch(text.strip())
    if named:
        name, extras, path, marker = (part or "" for part in named.groups())
        found = _at_place(f"{path}{extras}{f' {marker}' if marker else ''}", folder)
        if found.name != canonicalize_name(name):
            raise UsageError(f"{name}: {path} is {found.name}; require it by that name")
        return found
    if is_place(text):
        return _at_place(text, folder)
    return pep508.requirement(text, folder)


def _at_place(text: str, folder: Path) -> Requirement:
    line = text.strip()
    if not (ADDRESS.match(line) or line.startswith((".", "/"))):
        line = f"./{line}"
    try:
        [found] = requirements_txt.parse(line, WHERE).packages
    except UsageError as error:
        raise UsageError(str(error).removeprefix(f"{WHERE}:1: ")) from None
    except ValueError:
        raise UsageError(f'"{text}" is more than one requirement; write each by itself') from None
    if not isinstance(found.reference, Local) or line.startswith(("/", "file:///")):
        return found
    seen = os.path.relpath(found.reference.path, folder.absolute())
    written = seen if seen.startswith("..") else f"./{seen}"
    return replace(found, reference=replace(found.reference, written=written))
