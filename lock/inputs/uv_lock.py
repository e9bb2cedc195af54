"""Reads the uv.lock of a project; its versions and files are kept, extras become groups.

Source: uv's documentation, "Locking and syncing"; its schema is at version 1.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lock.errors import LockError, UsageError
from lock.inputs.locked_requirements import Groups, requirements_of, with_absolute_paths
from lock.models.packages import Dependency, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements
from lock.resolution import uv_lock

# The sources of the workspace's own projects.
OWN = ("virtual", "editable")


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: those of its projects, without the projects themselves.

    Raises UsageError for a file that uv didn't write, and for conflicting extras or groups.
    """
    try:
        found = uv_lock.parse(text, "")
        data = uv_lock.load(text)
    except LockError as error:
        raise UsageError(f"{file}: {error}") from None
    if data.get("conflicts"):
        raise UsageError(
            f"{file}: conflicts: it holds extras or groups that exclude each other, and one "
            "environment can't have them all; export one with `uv export --format pylock.toml`"
        )
    own = [entry for entry in data["package"] if any(key in entry["source"] for key in OWN)]
    names = {canonicalize_name(entry["name"]) for entry in own}
    if not own:
        raise UsageError(f"{file}: it names no project that it belongs to; run `uv lock` again")
    packages = tuple(
        with_absolute_paths(package, Path(file).absolute().parent)
        for package in found.packages
        if package.name not in names
    )
    groups = _groups(own)
    return requirements_of(
        groups,
        Locked(
            Resolution(tuple(edge for listed in groups.values() for edge in listed), packages),
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(data.get("supported-markers", ())),
        ),
        requires_python=data.get("requires-python"),
    )


def _groups(own: Sequence[Mapping[str, Any]]) -> Groups:
    """Return, by group, the dependencies of the projects; those on each other are expanded."""
    extras: dict[tuple[str, str], list[Mapping[str, Any]]] = {
        (canonicalize_name(entry["name"]), canonicalize_name(extra)): listed
        for entry in own
        for extra, listed in entry.get("optional-dependencies", {}).items()
    }
    names = {canonicalize_name(entry["name"]) for entry in own}

    def expanded(
        listed: list[Mapping[str, Any]], seen: frozenset[tuple[str, str]]
    ) -> list[Dependency]:
        found = []
        for edge in uv_lock.dependencies_of(listed):
            if edge.name not in names:
                found.append(edge)
                continue
            for extra in {(edge.name, extra) for extra in edge.extras} - seen:
                found += expanded(extras.get(extra, []), seen | {extra})
        return found

    groups: dict[str, list[Dependency]] = {}
    for entry in own:
        for group, listed in [
            (DEFAULT_GROUP, entry.get("dependencies", [])),
            *entry.get("optional-dependencies", {}).items(),
            *entry.get("dev-dependencies", {}).items(),
        ]:
            dependencies = groups.setdefault(canonicalize_name(group), [])
            dependencies += expanded(listed, frozenset())
    return groups
