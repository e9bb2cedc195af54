"""Tells whether a pdm.lock is that of the pyproject.toml beside it.

Source: PDM's own code ("pdm.project.project_file", "pdm.project.workspace"), versions 2.4 to 2.29.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli
from packaging.utils import canonicalize_name

from lock.errors import UnsatisfiableError, UsageError
from lock.inputs import read_text

Data = Mapping[str, Any]


def check(metadata: Data, folder: Path, file: str) -> list[str]:
    """Return what the user is told of a lock and its project; nothing where there is no project.

    Raises UnsatisfiableError where the lock is stale; UsageError where pyproject.toml can't be
    read.
    """
    project = folder / "pyproject.toml"
    if not project.is_file():
        return []
    data = _load(project)
    algorithm, _, digest = str(metadata.get("content_hash", "")).partition(":")
    if "lock_inputs" in metadata or "project" not in data or algorithm not in ("sha256", "md5"):
        return [f"{file}: whether it is stale can't be told here; `pdm lock --check` does"]
    if digest not in {*_digests(data, folder, algorithm)}:
        raise UnsatisfiableError(
            f"{file}: it is stale, since pyproject.toml has changed; run `pdm lock`"
        )
    return [*_unlocked(metadata, data, file)]


def _load(file: Path) -> Data:
    try:
        return tomli.loads(read_text(file))
    except (tomli.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{file}: this is not TOML ({error}); mend it") from None


def _digests(data: Data, folder: Path, algorithm: str) -> Iterator[str]:
    """Yield the digests that PDM's versions make of a project and its workspace."""
    for older_groups in (False, True):
        for older_resolution in (False, True):
            shape = older_groups, older_resolution
            digest = _digest(data, algorithm, *shape)
            members = [*_members(data, folder)]
            if not _pdm(data).get("workspace"):
                yield digest
                continue
            hasher = hashlib.new(algorithm, digest.encode())
            for member in members:
                inner = _digest(_load(member / "pyproject.toml"), algorithm, *shape)
                written = member.relative_to(folder.resolve()).as_posix()
                hasher.update(f"\0{written}\0{inner}".encode())
            yield hasher.hexdigest()


def _digest(data: Data, algorithm: str, older_groups: bool, older_resolution: bool) -> str:
    project, settings = data.get("project", {}), _pdm(data)
    resolution = settings.get("resolution", {})
    development = settings.get("dev-dependencies", {})
    content = {
        "sources": settings.get("source", []),
        "dependencies": project.get("dependencies", []),
        "dev-dependencies": development if older_groups else _development(data),
        "optional-dependencies": project.get("optional-dependencies", {}),
        "requires-python": project.get("requires-python", ""),
    }
    if older_resolution:
        content["overrides"] = settings.get("overrides", resolution.get("overrides", {}))
    else:
        content["resolution"] = resolution
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.new(algorithm, text.encode()).hexdigest()


def _development(data: Data) -> Mapping[str, list[Any]]:
    """Return the dependency groups, and after them PDM's own, by their normalized names."""
    groups: dict[str, list[Any]] = {}
    for table in (data.get("dependency-groups", {}), _pdm(data).get("dev-dependencies", {})):
        for group, listed in table.items():
            groups.setdefault(str(canonicalize_name(group)), []).extend(listed)
    return groups


def _members(data: Data, folder: Path) -> list[Path]:
    """Return the resolved folders of a workspace's members, in PDM's order."""
    root = folder.resolve()
    patterns = (_pdm(data).get("workspace") or {}).get("members", [])
    found = {
        path.resolve()
        for pattern in patterns
        for path in (root.glob(pattern) if {*"*?["} & {*pattern} else [root / pattern])
    }
    members = (path for path in found if (path / "pyproject.toml").is_file())
    return sorted(members, key=lambda path: path.relative_to(root).as_posix())


def _pdm(data: Data) -> Data:
    found: Data = data.get("tool", {}).get("pdm", {})
    return found


def _unlocked(metadata: Data, data: Data, file: str) -> Iterator[str]:
    """Yield a line where a project has groups that its lock was made without."""
    extras = data["project"].get("optional-dependencies", {})
    declared = {str(canonicalize_name(group)) for group in (*extras, *_development(data))}
    locked = {str(canonicalize_name(group)) for group in metadata.get("groups", declared)}
    missing = sorted(declared - locked)
    if missing:
        yield (
            f"{file}: it was locked without the groups {', '.join(missing)}; `pdm lock -G :all` "
            "locks them, too"
        )
