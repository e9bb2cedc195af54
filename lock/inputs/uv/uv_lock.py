"""Reads the uv.lock of a project or a script; its versions and files are kept.

Extras and dependency groups become groups. Source: uv's documentation, "Locking and syncing"; its
schema is at version 1.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import LockError, UsageError
from lock.inputs.locks.locked_requirements import Groups, requirements_of, with_absolute_paths
from lock.inputs.project import member_groups
from lock.inputs.project.member_groups import Member
from lock.inputs.uv.uv_lock_settings import with_settings
from lock.inputs.values.checks import further_group
from lock.inputs.values.markers import all_of
from lock.inputs.values.partial_markers import evaluate_clauses
from lock.models.choices import Conflict, choices, left_out
from lock.models.packages import Dependency, Package, Resolution
from lock.models.requirements import DEFAULT_GROUP, Locked, Requirements
from lock.resolution import uv_lock

# `parse` and `parse_dependencies` take the names of members.
HAS_MEMBERS = True
# What edits such a file.
EDITED_BY = "with `uv add`"

# uv's documentation, "Lockfile versioning": older readers may ignore what a revision adds.
NEWEST_REVISION = 5
# The sources of projects: with a wheel of their own, and without.
PROJECT, VIRTUAL = "editable", "virtual"
EXTRA, GROUP = "extra", "group"
# How a marker names a member's extra or group that excludes others: kind, length of the member's
# name, that name, and the name of the extra or group.
ACTIVE = re.compile(
    r"""\bextra\s*(?P<operator>==|!=)\s*(?P<quote>["'])"""
    r"""(?P<kind>extra|group)-(?P<length>\d+)-(?P<name>[^"']*)(?P=quote)"""
)

Entry = Mapping[str, Any]
# A member, and the name of one of its extras or groups; both normalized.
Part = tuple[str, str]


@dataclass(frozen=True)
class _Document:
    """The content of a uv.lock."""

    data: Mapping[str, Any]
    packages: Sequence[Package]
    # Those of the workspace that are taken.
    members: Sequence[Member[Entry]]
    # The name of each group of theirs.
    names: Mapping[Part, str]
    # The names of those of which no wheel is built.
    virtual: Collection[str]


def parse(text: str, file: str, only: Collection[str] = ()) -> Requirements:
    """Return the requirements of a lock: its projects, their extras and their groups.

    A project of which no wheel is built has no part in them, only its dependencies. `only` names
    the projects to take, all for none; groups of one name in several of them are told apart.

    Raises UsageError for a file that uv didn't write, and for conflicts that can't be kept.
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
        packages = uv_lock.parse(text, "").packages
        document = _document(uv_lock.load(text), packages, virtual_sources, only, file)
        conflicts = _conflicts(document, file)
        digest = hashlib.sha256(text.encode()).hexdigest()
        folder = Path(file).absolute().parent
        lock = _locked(document, digest, folder)
        if conflicts:
            of_choice = {
                choice: _locked(document, digest, folder, left_out(choice, conflicts))
                for choice in choices(conflicts)
            }
            lock = replace(lock, of_choice=of_choice)
    except LockError as error:
        where = "" if str(error).startswith(f"{file}:") else f"{file}: "
        raise UsageError(f"{where}{error}") from None
    found = requirements_of(
        lock.roots, lock, requires_python=document.data.get("requires-python"), conflicts=conflicts
    )
    noted = replace(
        found,
        notes=tuple(_newer_revision(document.data, file)),
        only_members=tuple(sorted(only)),
    )
    return with_settings(noted, document.data, file)


def _document(
    data: Mapping[str, Any],
    packages: Sequence[Package],
    virtual: Sequence[str],
    only: Collection[str],
    file: str,
) -> _Document:
    """Sort out the members of a lock's workspace. Raises UsageError where there is nothing."""
    manifest = data.get("manifest", {})
    named = {*map(canonicalize_name, manifest.get("members", ()))}
    entries = data.get("package", ())
    members = [
        entry
        for entry in entries
        if canonicalize_name(entry["name"]) in named
        or (not named and "." in (entry["source"].get(PROJECT), entry["source"].get(VIRTUAL)))
    ]
    if not (members or manifest.keys() & {"requirements", "dependency-groups"}):
        raise UsageError(f"{file}: it names no project that it belongs to; run `uv lock` again")
    chosen = member_groups.choose([*map(_member, members)], only, file)
    return _Document(
        data,
        packages,
        chosen,
        _group_names(chosen, manifest, file),
        {
            canonicalize_name(entry["name"])
            for entry in (*members, *(one for one in entries if VIRTUAL in one["source"]))
            if entry["source"].keys() & {*virtual}
        },
    )


def _member(entry: Entry) -> Member[Entry]:
    name = str(canonicalize_name(entry["name"]))
    return Member(name, entry, is_root="." in entry["source"].values())


def _group_names(
    members: Sequence[Member[Entry]], manifest: Entry, file: str
) -> Mapping[Part, str]:
    """Return the name of the group of each extra and each group of some members.

    The groups of a root that is no project have no member's name.
    """
    parts: list[Member[Mapping[str, Sequence[Part]]]] = [
        member.having(
            {
                further_group(name): [(str(member.name), str(canonicalize_name(name)))]
                for key in ("optional-dependencies", "dev-dependencies")
                for name in member.content.get(key, {})
            }
        )
        for member in members
    ]
    of_root = {
        further_group(name): [("", str(canonicalize_name(name)))]
        for name in manifest.get("dependency-groups", {})
    }
    parts.append(Member(None, of_root, is_root=True))
    return {part: group for group, [part] in member_groups.apart(parts, file).items()}


def _locked(
    document: _Document, digest: str, folder: Path, without: Collection[str] | None = None
) -> Locked:
    """Return what is locked without some of the groups that exclude others.

    Where that is None, markers on such groups are taken to hold, so no package is missing.
    """
    active = _Active(document.names, without)
    expansion = _Expansion(document, active)
    roots = {
        group: tuple(edges)
        for group, edges in _groups(document, expansion).items()
        if edges and group not in (without or ())
    }
    others = [package for package in document.packages if package.name not in document.virtual]
    packages = tuple(
        with_absolute_paths(expansion.package(package), folder)
        for package in _without_unused(others, roots, document)
    )
    edges = tuple(edge for listed in roots.values() for edge in listed)
    return Locked(
        Resolution(edges, packages),
        digest,
        tuple(document.data.get("supported-markers", ())),
        roots,
    )


def _newer_revision(data: Mapping[str, Any], file: str) -> Iterator[str]:
    """Yield a note where a lock has a newer revision, which leaves the meaning of the others."""
    revision = data.get("revision", 0)
    if isinstance(revision, int) and revision > NEWEST_REVISION:
        yield (
            f"{file}: revision {revision} of the format is newer than {NEWEST_REVISION}, the "
            "newest that is known here; what it added has no effect"
        )


def _without_unused(
    packages: Sequence[Package], groups: Groups, document: _Document
) -> Iterator[Package]:
    """Yield packages without those members that aren't taken and that no group leads to."""
    taken = {member.name for member in document.members}
    named = {*map(canonicalize_name, document.data.get("manifest", {}).get("members", ()))}
    by_name: defaultdict[str, list[Package]] = defaultdict(list)
    for package in packages:
        by_name[package.name].append(package)
    pending = [edge.name for listed in groups.values() for edge in listed]
    seen: set[str] = set()
    while named - taken and pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            for package in by_name[name]:
                edges = [*package.dependencies, *chain(*package.extras.values())]
                pending += [edge.name for edge in edges]
    yield from (one for one in packages if one.name in seen or one.name not in named - taken)


def _conflicts(document: _Document, file: str) -> tuple[Conflict, ...]:
    """Return the groups that exclude each other. Raises UsageError for whole projects that do."""
    found = []
    for listed in document.data.get("conflicts", ()):
        if any(EXTRA not in one and GROUP not in one for one in listed):
            names = ", ".join(sorted({one["package"] for one in listed}))
            raise UsageError(
                f"{file}: conflicts: whole projects exclude others ({names}), which can't be kept; "
                "lock their pyproject.toml one by one"
            )
        parts = [
            (canonicalize_name(one["package"]), canonicalize_name(one.get(EXTRA) or one[GROUP]))
            for one in listed
        ]
        groups = {document.names[part] for part in parts if part in document.names}
        if len(groups) > 1:
            found.append(tuple(sorted(groups)))
    return tuple(found)


@dataclass(frozen=True)
class _Active:
    """Which of the extras and groups that exclude others are active."""

    names: Mapping[Part, str]
    # The groups that aren't active; None where every marker on a group is taken to hold.
    without: Collection[str] | None

    def edges(self, listed: Iterable[Dependency]) -> list[Dependency]:
        """Return the edges that may hold, with markers that don't name extras and groups."""
        found = []
        for edge in listed:
            if edge.marker is None or not ACTIVE.search(edge.marker):
                found.append(edge)
                continue
            marker = evaluate_clauses(edge.marker, ACTIVE, self._holds)
            if marker is not None:
                found.append(replace(edge, marker=marker))
        return found

    def _holds(self, clause: re.Match[str]) -> bool:
        if self.without is None:
            return True
        length = int(clause["length"])
        group = self.names.get((clause["name"][:length], clause["name"][length + 1 :]))
        is_active = group is not None and group not in self.without
        return is_active == (clause["operator"] == "==")


class _Expansion:
    """Replaces dependencies on projects of which no wheel is built by what these depend on."""

    def __init__(self, document: _Document, active: _Active) -> None:
        self.virtual = frozenset(document.virtual)
        self.active = active
        self.of_extra: dict[tuple[str, str | None], list[Dependency]] = {}
        for package in document.packages:
            self.of_extra[package.name, None] = [*package.dependencies]
            for extra, listed in package.extras.items():
                self.of_extra[package.name, extra] = [*listed]

    def edges(
        self, listed: Iterable[Dependency], seen: frozenset[tuple[str, str | None]] = frozenset()
    ) -> list[Dependency]:
        """Return dependencies, expanded; `seen` are packages, with extras, to leave out."""
        listed = self.active.edges(listed)
        if self.virtual.isdisjoint(edge.name for edge in listed):
            return listed
        found = []
        for edge in listed:
            if edge.name not in self.virtual:
                found.append(edge)
                continue
            for part in {(edge.name, None), *((edge.name, extra) for extra in edge.extras)} - seen:
                inner = self.edges(self.of_extra.get(part, ()), seen | {part})
                found += [replace(one, marker=all_of([edge.marker, one.marker])) for one in inner]
        return sorted(dict.fromkeys(found), key=str)

    def package(self, package: Package) -> Package:
        """Return a package with its dependencies expanded."""
        return replace(
            package,
            dependencies=tuple(self.edges(package.dependencies)),
            extras={extra: tuple(self.edges(listed)) for extra, listed in package.extras.items()},
        )


def _groups(document: _Document, expansion: _Expansion) -> Groups:
    """Return, by group, the projects, or the dependencies of those of which no wheel is built."""
    groups: defaultdict[str, list[Dependency]] = defaultdict(list)
    for member in document.members:
        entry, name = member.content, str(member.name)
        own = frozenset({(name, None)})
        if name in document.virtual:
            groups[DEFAULT_GROUP] += expansion.edges(_edges(entry.get("dependencies", [])), own)
        else:
            groups[DEFAULT_GROUP].append(Dependency(name))
        for extra, listed in entry.get("optional-dependencies", {}).items():
            normal = str(canonicalize_name(extra))
            groups[document.names[name, normal]] += (
                expansion.edges(_edges(listed), own)
                if name in document.virtual
                else [Dependency(name, extras=frozenset({normal}))]
            )
        # A group that names its own project wants all that this depends on.
        for group, listed in entry.get("dev-dependencies", {}).items():
            part = name, str(canonicalize_name(group))
            groups[document.names[part]] += expansion.edges(_edges(listed))
    manifest = document.data.get("manifest", {})
    groups[DEFAULT_GROUP] += _of_specifiers(document, manifest.get("requirements", ()))
    for group, listed in manifest.get("dependency-groups", {}).items():
        part = "", str(canonicalize_name(group))
        groups[document.names[part]] += expansion.edges(_of_specifiers(document, listed))
    return groups


def _edges(listed: list[Entry]) -> tuple[Dependency, ...]:
    return uv_lock.dependencies_of(listed)


def _of_specifiers(document: _Document, listed: Iterable[Entry]) -> list[Dependency]:
    """Return requirements of no project as dependencies on the packages that satisfy them."""
    markers: dict[tuple[str, str, str], tuple[str, ...]] = {
        (canonicalize_name(entry["name"]), str(entry.get("version", "0")), uv_lock.source(entry)): (
            tuple(entry.get("resolution-markers", ()))
        )
        for entry in document.data.get("package", ())
    }
    found = []
    for one in listed:
        name = canonicalize_name(one["name"])
        allowed = SpecifierSet(one.get("specifier", ""))
        extras = frozenset(map(canonicalize_name, one.get("extras", ())))
        versions = [
            package
            for package in document.packages
            if package.name == name and allowed.contains(package.version, prereleases=True)
        ]
        for package in versions:
            forks = markers[package.name, package.version, package.source]
            fork = " or ".join(f"({marker})" for marker in forks) if len(versions) > 1 else ""
            marker = all_of([one.get("marker"), fork])
            found.append(Dependency(name, package.version, marker, extras, package.source))
    return found
