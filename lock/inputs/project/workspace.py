"""Finds the uv workspace that a project belongs to (uv's documentation, "Using workspaces")."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tomli
from packaging.utils import canonicalize_name

from lock.errors import UsageError


@dataclass(frozen=True)
class Workspace:
    """A workspace: projects that are locked together."""

    # Absolute.
    folder: Path
    # Project name (normalized) → its absolute folder, the root's own included.
    members: Mapping[str, Path]
    # The table `tool.uv` of the root, which holds for all members.
    table: Mapping[str, Any]

    @property
    def sources(self) -> Mapping[str, Any]:
        """Return the table `sources` of the root, which holds for all members."""
        return _table(self.table, "sources") or {}


def find(folder: Path) -> Workspace | None:
    """Return the workspace of a folder, which is that of its nearest parent with one; else None."""
    project = folder.absolute()
    for parent in (project, *project.parents):
        table = _table(_load(parent), "tool", "uv", "workspace")
        if table is not None:
            found = _workspace(parent, table)
            return found if project in found.members.values() or project == parent else None
    return None


def member_folders(folder: Path, table: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the folders of a workspace's members, sorted, without its root.

    `table` is `tool.uv.workspace`. Raises UsageError for a folder that is no project.
    """
    excluded = {path for glob in _texts(table, "exclude") for path in folder.glob(glob)}
    found = {path for glob in _texts(table, "members") for path in folder.glob(glob)}
    for path in sorted(found - excluded - {folder}):
        if not path.is_dir() or path.name.startswith("."):
            continue
        if (path / "pyproject.toml").is_file():
            yield path
        elif any(path.iterdir()):
            raise UsageError(
                f"{folder / 'pyproject.toml'}: tool.uv.workspace.members: {path} has no "
                "pyproject.toml; add one, or name the folder in `exclude`"
            )


def _workspace(folder: Path, table: Mapping[str, Any]) -> Workspace:
    members = {}
    for path in (folder, *member_folders(folder, table)):
        found = name(path)
        if found is not None:
            members[found] = path
    return Workspace(folder, members, tool_table(folder) or {})


def tool_table(folder: Path) -> Mapping[str, Any] | None:
    """Return the table `tool.uv` of a folder's pyproject.toml; None if it has none."""
    return _table(_load(folder.absolute()), "tool", "uv")


def build_requires(folder: Path) -> list[str]:
    """Return what a folder's pyproject.toml declares to need for its build (PEP 518)."""
    return _texts(_table(_load(folder.absolute()), "build-system") or {}, "requires")


def name(folder: Path) -> str | None:
    """Return the normalized name of the project in a folder, if it has one (PEP 621)."""
    found = (_table(_load(folder.absolute()), "project") or {}).get("name")
    return str(canonicalize_name(found)) if isinstance(found, str) else None


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    listed = table.get(key, [])
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


@cache
def _load(folder: Path) -> Mapping[str, Any]:
    """Return the data of a pyproject.toml; none of one that can't be read, which others report."""
    try:
        return tomli.loads((folder / "pyproject.toml").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError):
        return {}


def _table(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any] | None:
    for key in keys:
        inner = data.get(key)
        if not isinstance(inner, dict):
            return None
        data = inner
    return data
