"""Edits requirements.txt and similar files, line by line."""

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.edits.edit import Edit, not_found
from lock.errors import UsageError
from lock.models.requirements import Requirement

NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")
COMMENT = re.compile(r"\s+#[^\n]*")


def apply(text: str, file: Path, edit: Edit) -> str:
    """Return the text after an edit. Raises what `lock.edits.apply` raises."""
    if edit.group is not None:
        raise UsageError(f"{file}: such a file has no groups; leave --group out")
    lines = _logical(text)
    for name in edit.remove:
        remaining = [line for line in lines if _name(line) != name]
        if len(remaining) == len(lines):
            raise not_found(file, name, None, [])
        lines = remaining
    for requirement in edit.add:
        lines = _added(lines, requirement)
    return "".join(lines)


def _logical(text: str) -> list[str]:
    """Return the lines with their ends, each with the lines that continue it."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if lines and lines[-1].rstrip("\r\n").endswith("\\"):
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _name(line: str) -> str | None:
    found = NAME.match(line)
    return canonicalize_name(found[1]) if found and not line.lstrip().startswith("#") else None


def _added(lines: list[str], requirement: Requirement) -> list[str]:
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    names = [_name(line) for line in lines]
    if requirement.name in names:
        at = names.index(requirement.name)
        return [*lines[:at], _replaced(lines[at], requirement, newline), *lines[at + 1 :]]
    if lines and not lines[-1].endswith("\n"):
        lines = [*lines[:-1], lines[-1] + newline]
    known = [name for name in names if name is not None]
    at = len(lines)
    if len(known) > 1 and known == sorted(known) and requirement.name < known[-1]:
        following = next(name for name in known if name > requirement.name)
        at = names.index(following)
        # A comment above the next requirement stays with it.
        while at > 0 and lines[at - 1].lstrip().startswith("#"):
            at -= 1
    return [*lines[:at], f"{requirement}{newline}", *lines[at:]]


def _replaced(line: str, requirement: Requirement, newline: str) -> str:
    found = NAME.match(line)
    if not requirement.specifier and not requirement.reference and not requirement.extras:
        return line
    old = {extra.strip() for extra in (found[2] or "").split(",") if extra.strip()} if found else {}
    extras = ",".join(sorted({*old, *requirement.extras}))
    plain = str(requirement).partition("[")[0] if requirement.extras else requirement.name
    rest = str(requirement).removeprefix(plain)
    rest = rest.partition("]")[2] if requirement.extras else rest
    if not rest and found:
        # Only an extra is new: the versions stay.
        rest = line[found.end() :].rstrip("\r\n")
        return f"{requirement.name}[{extras}]{rest}{newline}"
    comment = COMMENT.search(line)
    shown = f"{requirement.name}[{extras}]" if extras else requirement.name
    return f"{shown}{rest}{comment[0].rstrip() if comment else ''}{newline}"
