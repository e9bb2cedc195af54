"""Adds requirements to the user's file, or removes them; no other byte of it changes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from lock import inputs
from lock.edits.edit import Edit
from lock.errors import UsageError
from lock.models.requirements import DEFAULT_GROUP, Requirement, Requirements


def read_text(file: Path) -> str:
    """Return the text of a file with its line ends; empty if it doesn't exist yet.

    Raises UsageError if it can't be read.
    """
    if not file.exists():
        return ""
    inputs.read_text(file)
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file}: only a file in UTF-8 can be edited; save it as that") from None


def apply(
    text: str, file: Path, edit: Edit, environment: Mapping[str, str]
) -> tuple[str, Requirements]:
    """Return the text after an edit, and its requirements.

    Raises UsageError if it can't be edited, UnsatisfiableError if a package to remove isn't there.
    """
    edit = _distinct(edit, file)
    reader = inputs.reader(file, text)
    kind = reader.__name__.rpartition(".")[2]
    edited_by = getattr(reader, "EDITED_BY", None)
    if edited_by is not None:
        raise UsageError(f"{file}: `lock` doesn't edit this kind of file; change it {edited_by}")
    if edit.from_nixpkgs and kind in ("pyproject", "requirements_txt", "script"):
        lines = ", ".join(f"{one.name}: {{from: nixpkgs}}" for one in edit.add)
        raise UsageError(
            f"{file}: only requirements.yaml can say that a package comes from nixpkgs; write "
            f"`{lines}` into such a file beside it, and lock both: `lock -r {file} -r FILE.yaml`"
        )
    listed = reader.parse
    if kind == "pyproject":
        from lock.edits import pyproject

        listed = reader.parse_dependencies
        changed = pyproject.apply(text, file, edit, environment)
    elif kind == "script":
        from lock.edits import script

        listed = reader.requirements
        changed = script.apply(text, file, edit, environment)
    elif kind == "requirements_txt":
        from lock.edits import requirements_txt

        changed = requirements_txt.apply(text, file, edit)
    else:
        from lock.edits import requirements_yaml

        changed = requirements_yaml.apply(text, file, edit)
    if text:
        _check(_before(listed, text, file), listed(changed, str(file)), edit, file)
    return changed, inputs.parse(changed, file)


def _distinct(edit: Edit, file: Path) -> Edit:
    """Return an edit that has each package once. Raises UsageError where two of one differ."""
    added: dict[str, Requirement] = {}
    for one in edit.add:
        other = added.setdefault(one.name, one)
        if other != one:
            raise UsageError(
                f"{file}: {one.name} is to be added as `{other}` and as `{one}`; name it once"
            )
    return replace(edit, add=(*added.values(),), remove=(*dict.fromkeys(edit.remove),))


def _before(listed: Callable[[str, str], Requirements], text: str, file: Path) -> Requirements:
    """Return what a file asked for; nothing where that is what is wrong with it.

    Any other error is still there after the edit, and told then.
    """
    try:
        return listed(text, str(file))
    except UsageError:
        return Requirements(None, None, ())


def _check(before: Requirements, after: Requirements, edit: Edit, file: Path) -> None:
    """Raise UsageError if an edit has changed more, or less, than it should."""
    old, new = _packages(before), _packages(after)
    group = edit.group or DEFAULT_GROUP
    for name in edit.names:
        old.pop((group, name), None)
    wanted = {requirement.name: requirement for requirement in edit.add}
    if edit.from_nixpkgs and not {one.name for one in edit.add} <= {*after.from_nixpkgs}:
        new = {}
    done = all(_holds(new.pop((group, name), None), wanted.get(name)) for name in edit.names)
    if not done or old != new:
        raise UsageError(
            f"{file}: the file is written in a way that can't be edited; do it by hand"
        )


def _holds(found: Requirement | None, wanted: Requirement | None) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return (
        {*wanted.extras} <= {*found.extras}
        and wanted.specifier in ("", found.specifier)
        and str(wanted.reference) in ("None", str(found.reference))
    )


def _packages(wanted: Requirements) -> dict[tuple[str, str], Requirement]:
    """Each requirement by its group and its name."""
    groups = {DEFAULT_GROUP: wanted.packages, **wanted.groups}
    return {(group, one.name): one for group, listed in groups.items() for one in listed}
