"""Reads the uv.lock of a project; its versions and files are kept, extras become groups.

Source: uv's documentation, "Locking and syncing"; its schema is at version 1.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lock.errors import LockError, UsageError
from lock.inputs.locked_requirements import Groups, requirements_of, with_absolute_paths
from lock.inputs.uv_lock_settings import with_settings
from lock.models.packages import Dependency, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements
from lock.resolution import uv_lock

# The sources of the workspace's own projects: with a wheel of their own, and without.
PROJECT, VIRTUAL = "editable", "virtual"


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock: its projects, their extras and their groups.

    A project of which no wheel is built has no part in them, only its dependencies.

    Raises UsageError for a file that uv didn't write, and for conflicting extras or groups.
    """
    return _parse(text, file, (VIRTUAL,))


def parse_dependencies(text: str, file: str) -> Requirements:
    """Return the requirements of a lock without its projects: what these depend on.

    Raises what `parse` raises.
    """
    return _parse(text, file, (PROJECT, VIRTUAL))


def _parse(text: str, file: str, virtual_sources: Sequence[str]) -> Requirements:
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
    own = [entry for entry in data["package"] if entry["source"].keys() & {PROJECT, VIRTUAL}]
    if not own:
        raise UsageError(f"{file}: it names no project that it belongs to; run `uv lock` again")
    virtual = {
        canonicalize_name(one["name"])
        for one in own
        if not one["source"].keys().isdisjoint(virtual_sources)
    }
    packages = tuple(
        with_absolute_paths(package, Path(file).absolute().parent)
        for package in found.packages
        if package.name not in virtual
    )
    groups = _groups(own, virtual)
    found_requirements = requirements_of(
        groups,
        Locked(
            Resolution(tuple(edge for listed in groups.values() for edge in listed), packages),
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(data.get("supported-markers", ())),
        ),
        requires_python=data.get("requires-python"),
    )
    return with_settings(found_requirements, data, file)


def _groups(own: Sequence[Mapping[str, Any]], names: Collection[str]) -> Groups:
    """Return, by group, the projects, or the dependencies of those that are virtual.

    `names` are those of the virtual ones; dependencies on them are expanded.
    """
    extras: dict[tuple[str, str], list[Mapping[str, Any]]] = {
        (canonicalize_name(entry["name"]), canonicalize_name(extra)): listed
        for entry in own
        for extra, listed in entry.get("optional-dependencies", {}).items()
    }

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

    def add(group: str, dependencies: Sequence[Dependency]) -> None:
        groups.setdefault(canonicalize_name(group), []).extend(dependencies)

    for entry in own:
        name = canonicalize_name(entry["name"])
        if name in names:
            add(DEFAULT_GROUP, expanded(entry.get("dependencies", []), frozenset()))
        else:
            add(DEFAULT_GROUP, [Dependency(name)])
        for extra, listed in entry.get("optional-dependencies", {}).items():
            if name in names:
                add(extra, expanded(listed, frozenset()))
            else:
                add(extra, [Dependency(name, extras=frozenset({canonicalize_name(extra)}))])
        for group, listed in entry.get("dev-dependencies", {}).items():
            add(group, expanded(listed, frozenset()))
    return groups
