"""Edits pyproject.toml through uv, which keeps comments and order."""

import os
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.edits.edit import Edit, not_found, written
from lock.errors import UsageError
from lock.inputs.project import pyproject
from lock.io import process, temporary
from lock.models.requirements import Git, Local, Requirement
from lock.resolution import uv

# The line of `project` that says which versions of Python it is for.
REQUIRES_PYTHON = re.compile(r"^requires-python[ \t]*=.*$", re.MULTILINE)
# uv wants an interpreter of such a version even where it only changes the file.
ANY_PYTHON = 'requires-python = ">=3.8"'
INDEX_VARIABLES = {"UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_URL"}


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
    changed = text
    if edit.remove:
        changed = _uv(["remove", *where, *edit.remove], changed, file, environment)
    plain = [written(one) for one in edit.add if not isinstance(one.reference, Git | Local)]
    if plain:
        changed = _uv(["add", "--raw", *where, *plain], changed, file, environment)
    for one in edit.add:
        if isinstance(one.reference, Git):
            changed = _uv(["add", *where, str(one)], changed, file, environment)
        elif isinstance(one.reference, Local):
            how = ["--editable"] if one.name in edit.editable else []
            arguments = ["add", "--no-workspace", *how, *where, _at_path(one, one.reference)]
            changed = _uv(arguments, changed, file, environment, one)
    return changed


def _without_indexes(environment: Mapping[str, str]) -> dict[str, str]:
    """Return uv's variables without the indexes, which it would write into the file."""
    isolated = uv.isolated_environment(environment)
    return {name: value for name, value in isolated.items() if name not in INDEX_VARIABLES}


def _at_path(requirement: Requirement, reference: Local) -> str:
    """Return a requirement with its path, as uv takes it."""
    extras = f"[{','.join(requirement.extras)}]" if requirement.extras else ""
    marker = f" ; {requirement.marker}" if requirement.marker else ""
    return f"{requirement.name}{extras} @ {reference.written}{marker}"


def _stand_in(requirement: Requirement, reference: Local, path: Path) -> None:
    """Put something where uv looks for a project or a file; it reads no more than its name."""
    if reference.is_project:
        path.mkdir(parents=True, exist_ok=True)
        name = f'[project]\nname = "{requirement.name}"\nversion = "0"\n[build-system]\n'
        (path / "pyproject.toml").write_text(f"{name}requires = []\n", encoding="utf-8")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _uv(
    arguments: Sequence[str],
    text: str,
    file: Path,
    environment: Mapping[str, str],
    local: Requirement | None = None,
) -> str:
    """Return the text that a command of uv makes of another; `local` is at a path."""
    with temporary.temporary_folder() as parent:
        folder = parent
        if local is not None and isinstance(local.reference, Local):
            written = Path(local.reference.written)
            # As deep as the path leads upwards.
            folder = parent.joinpath(*["project" for part in written.parts if part == ".."])
            folder.mkdir(parents=True, exist_ok=True)
            if not written.is_absolute():
                _stand_in(local, local.reference, Path(os.path.normpath(folder / written)))
        copy = folder / "pyproject.toml"
        line = REQUIRES_PYTHON.search(text)
        copy.write_bytes(REQUIRES_PYTHON.sub(ANY_PYTHON, text, count=1).encode("utf-8"))
        python = environment.get("WHEELHOUSE_PYTHON") or sys.executable
        options = ["--frozen", "--no-config", "--python", python]
        command = [uv.executable(environment), *arguments, *options]
        code, messages = process.run(
            command, folder, _without_indexes(environment), folder / "messages"
        )
        if code != 0:
            raise UsageError(f"{file}: uv can't change it:\n{messages.strip()}")
        changed = copy.read_bytes().decode("utf-8")
        return changed if line is None else changed.replace(ANY_PYTHON, line[0], 1)
