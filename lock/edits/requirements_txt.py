"""Edits requirements.txt and similar files, line by line."""

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.edits.edit import Edit, not_found, written
from lock.edits.wanted import is_place
from lock.errors import UsageError
from lock.inputs.pip import requirements_txt
from lock.models.requirements import Local, Requirement

NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")
EDITABLE = re.compile(r"(-e|--editable)\b")
COMMENT = re.compile(r"\s+#[^\n]*")


def apply(text: str, file: Path, edit: Edit) -> str:
    """Return the text after an edit. Raises what `lock.edits.apply` raises."""
    if edit.group is not None:
        raise UsageError(f"{file}: such a file has no groups; leave --group out")
    lines = _logical(text)
    for name in edit.remove:
        remaining = [line for line in lines if _name(line, file) != name]
        if len(remaining) == len(lines):
            raise not_found(file, name, None, [])
        lines = remaining
    for requirement in edit.add:
        lines = _added(lines, requirement, file, editable=requirement.name in edit.editable)
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


def _name(line: str, file: Path) -> str | None:
    """Return the normalized name of the project that a line asks for; None for another line."""
    code = COMMENT.sub("", line).strip()
    if code.startswith("#"):
        return None
    if _is_at_place(code):
        try:
            [found] = requirements_txt.parse(code, str(file)).packages
        except (UsageError, ValueError):
            return None
        return found.name
    found_name = NAME.match(code)
    return canonicalize_name(found_name[1]) if found_name else None


def _is_at_place(line: str) -> bool:
    code = COMMENT.sub("", line).strip()
    return bool(EDITABLE.match(code)) or (not code.startswith("-") and is_place(code))


def _line(requirement: Requirement, *, editable: bool) -> str:
    """Return the line of a requirement; a path stands as it is seen from the file's folder."""
    if not isinstance(requirement.reference, Local):
        return written(requirement)
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{'-e ' if editable else ''}{requirement.reference.written}{extras}{marker}"


def _added(lines: list[str], requirement: Requirement, file: Path, *, editable: bool) -> list[str]:
    newline = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    names = [_name(line, file) for line in lines]
    added = _line(requirement, editable=editable)
    if requirement.name in names:
        at = names.index(requirement.name)
        line = lines[at]
        if requirement.reference or (_is_at_place(line) and requirement.specifier):
            comment = COMMENT.search(line)
            line = f"{added}{comment[0].rstrip() if comment else ''}{newline}"
        elif not _is_at_place(line):
            line = _replaced(line, requirement, newline)
        return [*lines[:at], line, *lines[at + 1 :]]
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
    return [*lines[:at], f"{added}{newline}", *lines[at:]]


def _replaced(line: str, requirement: Requirement, newline: str) -> str:
    found = NAME.match(line)
    if not requirement.specifier and not requirement.reference and not requirement.extras:
        return line
    old = {extra.strip() for extra in (found[2] or "").split(",") if extra.strip()} if found else {}
    extras = ",".join(sorted({*old, *requirement.extras}))
    plain = written(requirement).partition("[")[0] if requirement.extras else requirement.name
    rest = written(requirement).removeprefix(plain)
    rest = rest.partition("]")[2] if requirement.extras else rest
    if not rest and found:
        # Only an extra is new: the versions stay.
        rest = line[found.end() :].rstrip("\r\n")
        return f"{requirement.name}[{extras}]{rest}{newline}"
    comment = COMMENT.search(line)
    shown = f"{requirement.name}[{extras}]" if extras else requirement.name
    return f"{shown}{rest}{comment[0].rstrip() if comment else ''}{newline}"
