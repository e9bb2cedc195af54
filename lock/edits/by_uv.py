"""Lets uv edit a file, which keeps comments and order."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lock.edits.edit import Edit, written
from lock.errors import UsageError
from lock.io import process, temporary
from lock.models.requirements import Git, Local, Requirement
from lock.resolution import uv

# uv wants an interpreter of the versions that a file names, even where it only changes the file.
ANY_PYTHON = '">=3.8"'
INDEX_VARIABLES = {"UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_URL"}


@dataclass(frozen=True)
class Editor:
    """Edits the text of a file in copies of it, by `uv add` and `uv remove`."""

    # As messages name it.
    file: Path
    # Of the copies.
    name: str
    # Matches the line that says which versions of Python the file is for, its start in a group.
    requires_python: re.Pattern[str]
    # Of both commands.
    options: Sequence[str]
    environment: Mapping[str, str]

    def remove(self, text: str, names: Sequence[str]) -> str:
        """Return the text without some packages. Raises UsageError where uv can't change it."""
        return self._run(["remove", *names], text) if names else text

    def add(self, text: str, edit: Edit) -> str:
        """Return the text with what an edit adds. Raises UsageError where uv can't change it."""
        plain = [written(one) for one in edit.add if not isinstance(one.reference, Git | Local)]
        if plain:
            text = self._run(["add", "--raw", *plain], text)
        for one in edit.add:
            if isinstance(one.reference, Git):
                text = self._run(["add", str(one)], text)
            elif isinstance(one.reference, Local):
                how = ["--editable"] if one.name in edit.editable else []
                text = self._run(
                    ["add", "--no-workspace", *how, _at_path(one, one.reference)], text, one
                )
        return text

    def _run(self, arguments: Sequence[str], text: str, local: Requirement | None = None) -> str:
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
            copy = folder / self.name
            line = self.requires_python.search(text)
            any_python = f"{line[1]}{ANY_PYTHON}" if line else ""
            before = text.replace(line[0], any_python, 1) if line else text
            copy.write_bytes(before.encode("utf-8"))
            python = self.environment.get("WHEELHOUSE_PYTHON") or sys.executable
            options = [*self.options, "--no-config", "--python", python]
            command = [uv.executable(self.environment), *arguments, *options]
            code, messages = process.run(
                command, folder, _without_indexes(self.environment), folder / "messages"
            )
            if code != 0:
                raise UsageError(f"{self.file}: uv can't change it:\n{messages.strip()}")
            changed = copy.read_bytes().decode("utf-8")
            return changed.replace(any_python, line[0], 1) if line else changed


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
