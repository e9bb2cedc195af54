"""Edits pyproject.toml."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.edits.by_uv import Editor
from lock.edits.edit import Edit, not_found
from lock.errors import UsageError
from lock.inputs.project import pyproject

# The line of `project` that says which versions of Python it is for.
REQUIRES_PYTHON = re.compile(r"^(requires-python[ \t]*=[ \t]*).*$", re.MULTILINE)


def apply(text: str, file: Path, edit: Edit, environment: Mapping[str, str]) -> str:
    """Return the text after an edit. Raises what `lock.edits.apply` raises."""
    data = tomllib.loads(text)
    if "project" not in data:
        raise UsageError(f"{file}: it has no table `project`; change it with `poetry add`")
    where: list[str] = []
    if edit.group is None and "dependencies" in data["project"].get("dynamic", []):
        raise UsageError(
            f"{file}: project.dynamic: the dependencies stand elsewhere, in a table of the tool "
            "that builds the project or in a file that it reads; change them there by hand"
        )
    if edit.group is not None:
        optional = data["project"].get("optional-dependencies", {})
        is_extra = edit.group in {canonicalize_name(name) for name in optional}
        where = ["--optional" if is_extra else "--group", edit.group]
    if edit.remove:
        before = pyproject.parse_dependencies(text, str(file))
        listed = before.packages if edit.group is None else before.groups.get(edit.group, ())
    for name in edit.remove:
        if name not in {package.name for package in listed}:
            elsewhere = [
                group
                for group, packages in before.groups.items()
                if name in {package.name for package in packages}
            ]
            raise not_found(file, name, edit.group, elsewhere)
    options = ["--frozen", *where]
    editor = Editor(file, "pyproject.toml", REQUIRES_PYTHON, options, environment)
    return editor.add(editor.remove(text, edit.remove), edit)
