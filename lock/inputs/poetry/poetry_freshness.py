"""Whether a poetry.lock is that of its pyproject.toml, by its content hash.

Source: Poetry's own reader of the lock ("poetry.packages.locker"), versions 1.0 to 2.5.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli

# Keys of `tool.poetry` that are hashed; in Poetry's own form those of the first are null without a
# value.
LEGACY_KEYS = ("dependencies", "dev-dependencies", "extras", "source")
POETRY_KEYS = (*LEGACY_KEYS, "group")
PROJECT_KEYS = ("dependencies", "optional-dependencies", "requires-python")
GENERATOR = re.compile(r"^# .*\bPoetry (\d+)\.(\d+)")
# The first version that hashes `project`, and the first that hashes `dependency-groups`.
WITH_PROJECT, WITH_GROUPS = (2, 0), (2, 3)


def stale(file: Path) -> tuple[Path, str] | None:
    """Return the file that a lock is stale against; None for one that is fresh or can't be told."""
    project = file.parent / "pyproject.toml"
    try:
        text = file.read_text(encoding="utf-8-sig")
        wanted = tomli.loads(text)["metadata"]["content-hash"]
        data = tomli.loads(project.read_text(encoding="utf-8-sig"))
        hashes = {*_hashes(data, _version(text))}
    except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError):
        return None
    return None if wanted in hashes else (project, "")


def _version(text: str) -> tuple[int, int] | None:
    """Return the version of Poetry that wrote a lock; None where it doesn't say."""
    match = GENERATOR.match(text)
    return (int(match[1]), int(match[2])) if match else None


def _hashes(data: Mapping[str, Any], version: tuple[int, int] | None) -> Iterator[str]:
    """Yield the hashes by which versions of Poetry know a fresh lock of this version."""
    project = data.get("project", {})
    poetry = data.get("tool", {}).get("poetry", {})
    groups = data.get("dependency-groups", {})
    yield _hash(project, poetry, groups)
    if version is None or version < WITH_GROUPS:
        yield _hash(project, poetry, {})
    if version is None or version < WITH_PROJECT:
        yield _hash({}, poetry, {})


def _hash(project: Mapping[str, Any], poetry: Mapping[str, Any], groups: Mapping[str, Any]) -> str:
    """Return the sha256 of what decides the versions. Raises TypeError for a date in it."""
    of_project = {key: project[key] for key in PROJECT_KEYS if project.get(key) is not None}
    is_standard = bool(of_project or groups)
    of_poetry = {
        key: poetry.get(key)
        for key in POETRY_KEYS
        if poetry.get(key) is not None or (key in LEGACY_KEYS and not is_standard)
    }
    hashed: dict[str, Any] = of_poetry
    if is_standard:
        hashed = {"tool": {"poetry": of_poetry}}
        hashed |= {"project": of_project} if of_project else {}
        hashed |= {"dependency-groups": groups} if groups else {}
    return hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()
