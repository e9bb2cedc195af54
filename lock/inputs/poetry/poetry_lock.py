"""Reads poetry.lock; its versions and the hashes of its files are kept. It has no URLs.

Source: Poetry's own writer of the format ("poetry.packages.locker"), versions 1.0 to 2.1.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.utils import canonicalize_name, canonicalize_version

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.locks.locked_requirements import (
    Groups,
    check_sources,
    requirements_of,
    with_absolute_paths,
    with_project,
)
from lock.inputs.poetry import poetry_table as poetry
from lock.inputs.poetry.poetry_edges import EMPTY, Entries, Entry, marker_of
from lock.inputs.project import pyproject
from lock.inputs.values.checks import check_address, check_index_name, check_subdirectory
from lock.inputs.values.markers import can_hold
from lock.inputs.values.partial_markers import EXTRA, evaluate_clauses
from lock.inputs.values.specifier import SpecifierError, translate
from lock.models.filenames import name_and_version
from lock.models.packages import (
    Dependency,
    File,
    Package,
    Resolution,
    hashed,
    project_folder,
)
from lock.models.requirements import DEFAULT_GROUP, Index, Locked, Requirements

# What edits such a file.
EDITED_BY = "with `poetry add`"

MAIN = "main"
# The formats that are known here.
FORMATS = ((1, 0), (1, 1), (2, 0), (2, 1))
# The first format whose packages have their groups and markers.
WITH_GROUPS = (2, 1)
# The supported types of a package's source.
SUPPORTED_SOURCES = (None, "legacy", "url", "git", "directory", "file")
BROKEN = (AttributeError, InvalidMarker, KeyError, SpecifierError, TypeError, ValueError)


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock, with the project beside it, whose files still lack URLs.

    Formats before 2.1 have no groups; they are read from the pyproject.toml in the same folder.

    Raises UsageError for a file that Poetry didn't write, and for packages without a file.
    """
    return _parse(text, file, with_own=True)


def parse_dependencies(text: str, file: str) -> Requirements:
    """Return the requirements of a lock without the project beside it.

    Raises what `parse` raises.
    """
    return _parse(text, file, with_own=False)


def _parse(text: str, file: str, *, with_own: bool) -> Requirements:
    problems = Problems(file)
    data = load(text, problems)
    folder = Path(file).absolute().parent
    try:
        metadata = data["metadata"]
        written = _format(metadata, file)
        found = Entries(data.get("package", []), has_markers=written >= WITH_GROUPS)
        for entry in found.all:
            _check_source(entry, problems)
        problems.raise_if_any()
        packages = tuple(
            with_absolute_paths(_package(entry, found, metadata.get("files", {})), folder)
            for entry in found.all
        )
        check_sources(packages, problems)
        problems.raise_if_any()
        groups: Groups
        if found.has_markers:
            groups = _groups(found.all, data.get("extras", {}), problems)
        else:
            groups = _groups_of_project(found, metadata, file)
        index_of = _indexes(found.all, problems)
        problems.raise_if_any()
        requires_python = translate(metadata.get("python-versions", "*")) or None
    except BROKEN as error:
        raise UsageError(
            f"{file}: this is not what Poetry writes ({error}); run `poetry lock`"
        ) from None
    if with_own:
        groups, packages = with_project(groups, packages, folder)
    edges = tuple(edge for listed in groups.values() for edge in listed)
    names = {name: index.name for name, index in index_of.items()}
    digest = hashlib.sha256(text.encode()).hexdigest()
    return requirements_of(
        groups,
        Locked(Resolution(edges, packages), digest, index_of=names),
        requires_python=requires_python,
        indexes=tuple(sorted({*index_of.values()}, key=lambda index: index.name)),
        index_of=names,
    )


def _format(metadata: Mapping[str, Any], file: str) -> tuple[int, int]:
    """Return the number of a lock's format. Raises UsageError for one that is not known here."""
    text = metadata.get("lock-version")
    if text is None or "hashes" in metadata:
        raise UsageError(
            f"{file}: metadata: Poetry before 1.0 wrote this, and its hashes don't say of which "
            "files they are; run `poetry lock` with Poetry 2"
        )
    major, minor = map(int, f"{text}.0".split(".")[:2])
    newest = max(FORMATS)
    if (major, minor) > newest:
        raise UsageError(
            f"{file}: metadata.lock-version: format {text} is newer than {newest[0]}.{newest[1]}, "
            "the newest that is known here; use an older Poetry, or a newer wheelhouse"
        )
    if (major, minor) not in FORMATS:
        raise UsageError(
            f"{file}: metadata.lock-version: there is no format {text}; run `poetry lock`"
        )
    return major, minor


def _check_source(entry: Entry, problems: Problems) -> None:
    source = entry.get("source", {})
    kind = source.get("type")
    below = source.get("subdirectory")
    if below and kind == "git":
        problems.attempt(None, f"{entry['name']}.source", check_subdirectory, str(below))
    elif below or kind not in SUPPORTED_SOURCES:
        origin = "subdirectory" if kind in SUPPORTED_SOURCES else f"{kind} source"
        problem = f"it comes from a {origin}, which can't be kept as it is"
        problems.add(None, str(entry["name"]), problem, "name it in requirements.yaml")


def _indexes(entries: Sequence[Entry], problems: Problems) -> dict[str, Index]:
    """Return, by project name, its index, unless that is the default one."""
    found: dict[str, Index] = {}
    for entry in entries:
        source = entry.get("source", {})
        if source.get("type") == "legacy":
            key = f"{entry['name']}.source"
            name = problems.attempt(None, key, check_index_name, source["reference"])
            url = problems.attempt(None, key, check_address, source["url"])
            if name is not None and url is not None:
                found[canonicalize_name(entry["name"])] = Index(name, url)
    return found


def _package(
    entry: Entry, found: Entries, of_names: Mapping[str, Sequence[Mapping[str, str]]]
) -> Package:
    """Return a package; `of_names` has the files of all its versions (formats before 2.0)."""
    name = canonicalize_name(entry["name"])
    version = canonicalize_version(entry["version"])
    of_version = [
        one
        for one in of_names.get(entry["name"], ())
        if (name_and_version(one["file"]) or (name, version))[1] == version
    ]
    return Package(
        name,
        entry["version"],
        tuple(_files(name, entry, entry.get("files", of_version))),
        found.dependencies(entry),
        found.extras(entry),
    )


def _files(name: str, entry: Entry, listed: Sequence[Mapping[str, str]]) -> list[File]:
    source = entry.get("source", {})
    kind, url = source.get("type"), source.get("url", "")
    if kind == "git":
        folder, commit = f"{name}-{entry['version']}", source["resolved_reference"]
        below = source.get("subdirectory")
        return [File(folder, url, None, None, commit=commit, subdirectory=below)]
    if kind == "directory":
        return [project_folder(name, entry["version"], url)]
    return [
        hashed(
            File(
                one["file"],
                url if kind == "url" else "",
                None,
                None,
                path=url if kind == "file" else None,
            ),
            one["hash"],
        )
        for one in listed
    ]


def _groups(entries: Sequence[Entry], extras: Mapping[str, Any], problems: Problems) -> Groups:
    """Return every package of each group and of each extra."""
    default: list[Dependency] = []
    groups: dict[str, list[Dependency]] = {DEFAULT_GROUP: default}
    of_extras: dict[str, list[Dependency]] = {canonicalize_name(extra): [] for extra in extras}
    named = {*of_extras, *(canonicalize_name(one) for entry in entries for one in entry["groups"])}
    if DEFAULT_GROUP in named:
        problem = "packages of no group have that name here"
        problems.add(None, f"the group or extra `{DEFAULT_GROUP}`", problem, "give it another one")
    for entry in entries:
        for group in entry["groups"]:
            marker = marker_of(entry, group)
            if marker == EMPTY:
                continue
            listed = {"": default}
            if group == MAIN:
                listed |= {extra: of_extras[canonicalize_name(extra)] for extra in extras}
            else:
                listed = {"": groups.setdefault(canonicalize_name(group), [])}
            for extra, edges in listed.items():
                remaining = _for_extra(marker, extra)
                if remaining is not None:
                    name, version = canonicalize_name(entry["name"]), entry["version"]
                    edges.append(Dependency(name, version, remaining or None))
    for extra, edges in of_extras.items():
        further = [edge for edge in edges if edge not in default]
        groups[extra] = [*dict.fromkeys([*groups.get(extra, ()), *further])]
    return groups


def _for_extra(marker: str | None, extra: str) -> str | None:
    """Evaluate a marker for an extra, or for none (""); return None if it then never holds."""
    if not marker or not EXTRA.search(marker):
        return marker or ""
    return evaluate_clauses(
        marker,
        EXTRA,
        lambda clause: canonicalize_name(clause["name"]) == canonicalize_name(extra),
    )


def _groups_of_project(found: Entries, metadata: Mapping[str, Any], file: str) -> Groups:
    """Return the groups of the project that a lock belongs to.

    Raises UsageError where its pyproject.toml isn't there, or asks for what the lock lacks.
    """
    beside = Path(file).parent / "pyproject.toml"
    if not beside.is_file():
        raise UsageError(
            f"{file}: {beside.name} isn't beside it, and format {metadata['lock-version']} tells "
            "only there which packages the project asks for; put it there, or run `poetry lock` "
            "with Poetry 2"
        )
    problems = Problems(str(beside))
    document = load(read_text(beside), problems)
    if "project" in document:
        wanted = pyproject.parse_dependencies(read_text(beside), str(beside))
    else:
        table = Table(document, "", problems).table("tool").table("poetry")
        wanted = poetry.read(table, beside.parent)
    problems.raise_if_any()
    groups: dict[str, list[Dependency]] = {}
    allowed = translate(metadata.get("python-versions", "*"))
    for group, listed in {DEFAULT_GROUP: wanted.packages, **wanted.groups}.items():
        edges = groups.setdefault(group, [])
        for one in listed:
            marker = None if one.marker is None else str(Marker(one.marker))
            of_one = found.edges(one.name, [one.specifier], marker, frozenset(one.extras))
            edges += of_one
            # Poetry locks nothing for a Python that the project doesn't run on.
            if not of_one and can_hold(marker, allowed):
                versions = [str(entry["version"]) for entry in found.by_name.get(one.name, ())]
                has = f"has {', '.join(versions)}" if versions else "hasn't got it"
                text = f"{one.name}{one.specifier}"
                problem = f"{beside} asks for {text}, and the lock {has}"
                raise UsageError(f"{file}: {one.name}: {problem}; run `poetry lock`")
    return groups
