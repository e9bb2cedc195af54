"""Reads the uv.lock of a project; its versions and files are kept, extras become groups.

Source: uv's documentation, "Locking and syncing"; its schema is at version 1.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from lock.errors import LockError, UsageError
from lock.inputs import member_groups
from lock.inputs.locked_requirements import Groups, requirements_of, with_absolute_paths
from lock.inputs.member_groups import Member
from lock.models.packages import Dependency, Package, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements
from lock.resolution import uv_lock

# `parse` and `parse_dependencies` take the names of members.
HAS_MEMBERS = True
# The sources of the workspace's own projects: with a wheel of their own, and without.
PROJECT, VIRTUAL = "editable", "virtual"


def parse(text: str, file: str, only: Collection[str] = ()) -> Requirements:
    """Return the requirements of a lock: its projects, their extras and their groups.

    A project of which no wheel is built has no part in them, only its dependencies. `only` names
    the projects to take, all for none; groups of one name in several of them are told apart.

    Raises UsageError for a file that uv didn't write, and for conflicting extras or groups.
    """
    return _parse(text, file, (VIRTUAL,), only)


def parse_dependencies(text: str, file: str, only: Collection[str] = ()) -> Requirements:
    """Return the requirements of a lock without its projects: what these depend on.

    Raises what `parse` raises.
    """
    return _parse(text, file, (PROJECT, VIRTUAL), only)


def _parse(
    text: str, file: str, virtual_sources: Sequence[str], only: Collection[str]
) -> Requirements:
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
    members = member_groups.choose([*map(_member, own)], only, file)
    groups = _groups(own, virtual, members, file)
    if only:
        others = {member.name for member in map(_member, own)} - {*only}
        packages = tuple(_without_unused(packages, groups, others))
    found_requirements = requirements_of(
        groups,
        Locked(
            Resolution(tuple(edge for listed in groups.values() for edge in listed), packages),
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(data.get("supported-markers", ())),
        ),
        requires_python=data.get("requires-python"),
    )
    return replace(found_requirements, only_members=tuple(sorted(only)))


def _member(entry: Mapping[str, Any]) -> Member[Mapping[str, Any]]:
    name = str(canonicalize_name(entry["name"]))
    return Member(name, entry, is_root="." in entry["source"].values())


def _without_unused(
    packages: Sequence[Package], groups: Groups, names: Collection[str | None]
) -> Iterator[Package]:
    """Yield packages without those of these names that no group leads to."""
    by_name: defaultdict[str, list[Package]] = defaultdict(list)
    for package in packages:
        by_name[package.name].append(package)
    pending = [edge.name for listed in groups.values() for edge in listed]
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        for package in by_name[name]:
            edges = [*package.dependencies, *chain(*package.extras.values())]
            pending += [edge.name for edge in edges]
    yield from (one for one in packages if one.name in seen or one.name not in names)


def _groups(
    own: Sequence[Mapping[str, Any]],
    names: Collection[str],
    members: Sequence[Member[Mapping[str, Any]]],
    file: str,
) -> Groups:
    """Return, by group, the projects, or the dependencies of those that are virtual.

    `names` are those of the virtual ones; dependencies on them are expanded. `members` are the
    projects to take.
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

    default: list[Dependency] = []
    further: list[Member[Mapping[str, Sequence[Dependency]]]] = []
    for member in members:
        entry = member.content
        groups: dict[str, list[Dependency]] = {}
        further.append(member.having(groups))

        def add(
            group: str,
            dependencies: Sequence[Dependency],
            groups: dict[str, list[Dependency]] = groups,
        ) -> None:
            groups.setdefault(canonicalize_name(group), []).extend(dependencies)

        name = canonicalize_name(entry["name"])
        if name in names:
            default += expanded(entry.get("dependencies", []), frozenset())
        else:
            default.append(Dependency(name))
        for extra, listed in entry.get("optional-dependencies", {}).items():
            if name in names:
                add(extra, expanded(listed, frozenset()))
            else:
                add(extra, [Dependency(name, extras=frozenset({canonicalize_name(extra)}))])
        for group, listed in entry.get("dev-dependencies", {}).items():
            add(group, expanded(listed, frozenset()))
    named = member_groups.apart(further, file)
    return {**named, DEFAULT_GROUP: [*default, *named.get(DEFAULT_GROUP, ())]}
