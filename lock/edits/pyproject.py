"""Edits pyproject.toml through uv, which keeps comments and order."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.edits.edit import Edit, not_found
from lock.errors import UsageError
from lock.inputs import pyproject
from lock.io import process, temporary
from lock.models.requirements import Git, Local
from lock.resolution import uv


def apply(text: str, file: Path, edit: Edit, environment: Mapping[str, str]) -> str:
    """Return the text after an edit. Raises what `lock.edits.apply` raises."""
    data = tomllib.loads(text)
    if "project" not in data:
        raise UsageError(f"{file}: it has no table `project`; change it with `poetry add`")
    where: list[str] = []
    if edit.group is not None:
        optional = data["project"].get("optional-dependencies", {})
        is_extra = edit.group in {canonicalize_name(name) for name in optional}
        where = ["--optional" if is_extra else "--group", edit.group]
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
    for requirement in edit.add:
        if isinstance(requirement.reference, Git | Local):
            raise UsageError(f"{requirement.name}: write it into {file} by hand, as uv has it")
    changed = text
    if edit.remove:
        changed = _uv(["remove", *where, *edit.remove], changed, file, environment)
    if edit.add:
        added = [str(requirement) for requirement in edit.add]
        changed = _uv(["add", "--raw", *where, *added], changed, file, environment)
    return changed


def _uv(arguments: Sequence[str], text: str, file: Path, environment: Mapping[str, str]) -> str:
    with temporary.temporary_folder() as folder:
        copy = folder / "pyproject.toml"
        copy.write_bytes(text.encode("utf-8"))
        python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        options = ["--frozen", "--no-config", "--python", python]
        command = [uv.executable(environment), *arguments, *options]
        code, messages = process.run(
            command, folder, uv.isolated_environment(environment), folder / "messages"
        )
        if code != 0:
            raise UsageError(f"{file}: uv can't change it:\n{messages.strip()}")
        return copy.read_bytes().decode("utf-8")
