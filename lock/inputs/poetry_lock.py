"""Reads poetry.lock; its versions and the hashes of its files are kept. It has no URLs.

Source: Poetry's own writer of the format ("poetry.packages.locker"), versions 2.0 and 2.1.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs import poetry, read_text
from lock.inputs.checks import check_address, check_index_name
from lock.inputs.locked_requirements import (
    Groups,
    requirements_of,
    with_absolute_paths,
    with_project,
)
from lock.inputs.partial_markers import evaluate_clauses
from lock.inputs.problems import Problems
from lock.inputs.specifier import SpecifierError, translate
from lock.inputs.toml_tables import Table, load
from lock.models.packages import Dependency, File, Package, Resolution, project_folder
from lock.models.requirements import DEFAULT_GROUP, Index, Locked, Requirements

# What edits such a file.
EDITED_BY = "with `poetry add`"

MAIN = "main"
EXTRA = re.compile(r"""\bextra\s*==\s*(?P<quote>["'])(?P<name>[^"']*)(?P=quote)""")
# The supported types of a package's source.
SUPPORTED_SOURCES = (None, "legacy", "url", "git", "directory")
BROKEN = (AttributeError, InvalidMarker, KeyError, SpecifierError, TypeError, ValueError)


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a lock, with the project beside it, whose files still lack URLs.

    Format 2.0 has no groups; they are read from the pyproject.toml in the same folder.

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
    try:
        metadata = data["metadata"]
        version = tuple(map(int, metadata["lock-version"].split(".")[:2]))
        if not (2, 0) <= version < (3, 0):
            raise UsageError(
                f"{file}: metadata.lock-version: format {metadata['lock-version']} is not known "
                "here; run `poetry lock` with Poetry 1.5 or newer"
            )
        entries: Sequence[Mapping[str, Any]] = data.get("package", [])
        for entry in entries:
            _check_source(entry, problems)
        problems.raise_if_any()
        versions: dict[str, list[Mapping[str, Any]]] = {}
        for entry in entries:
            versions.setdefault(canonicalize_name(entry["name"]), []).append(entry)
        folder = Path(file).absolute().parent
        packages = tuple(
            with_absolute_paths(_package(entry, versions), folder) for entry in entries
        )
        groups: Groups
        if version >= (2, 1):
            groups = _groups(entries, data.get("extras", {}))
        else:
            _check_single(versions, file)
            groups = _groups_of_project(Path(file).parent / "pyproject.toml", versions)
        index_of = _indexes(entries)
        allowed = metadata.get("python-versions", "*")
        requires_python = None if "|" in allowed else translate(allowed)
    except BROKEN as error:
        raise UsageError(
            f"{file}: this is not what Poetry writes ({error}); run `poetry lock`"
        ) from None
    if with_own:
        groups, packages = with_project(groups, packages, Path(file).absolute().parent)
    edges = tuple(edge for listed in groups.values() for edge in listed)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return requirements_of(
        groups,
        Locked(Resolution(edges, packages), digest),
        requires_python=requires_python,
        indexes=tuple(sorted({*index_of.values()}, key=lambda index: index.name)),
        index_of={name: index.name for name, index in index_of.items()},
    )


def _check_source(entry: Mapping[str, Any], problems: Problems) -> None:
    source = entry.get("source", {})
    kind = source.get("type")
    if kind not in SUPPORTED_SOURCES or source.get("subdirectory"):
        origin = "subdirectory" if kind in SUPPORTED_SOURCES else f"{kind} source"
        problem = f"it comes from a {origin}, which can't be kept as it is"
        problems.add(None, str(entry["name"]), problem, "name it in requirements.yaml")


def _indexes(entries: Sequence[Mapping[str, Any]]) -> dict[str, Index]:
    """Return, by project name, its index, unless that is the default one."""
    return {
        canonicalize_name(entry["name"]): Index(
            check_index_name(entry["source"]["reference"]), check_address(entry["source"]["url"])
        )
        for entry in entries
        if entry.get("source", {}).get("type") == "legacy"
    }


def _check_single(versions: Mapping[str, Sequence[object]], file: str) -> None:
    """Raise UsageError if a package has several versions: format 2.0 doesn't tell them apart."""
    several = sorted(name for name, entries in versions.items() if len(entries) > 1)
    if several:
        raise UsageError(
            f"{file}: {', '.join(several)}: several versions of one package, and format 2.0 "
            "doesn't tell which one is installed where; run `poetry lock` with Poetry 2"
        )


def _package(
    entry: Mapping[str, Any], versions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Package:
    source = entry.get("source", {})
    address = source["url"] if source.get("type") == "url" else ""
    files = [
        File(listed["file"], address, listed["hash"].removeprefix("sha256:"), None)
        for listed in entry.get("files", [])
        if listed["hash"].startswith("sha256:")
    ]
    name = canonicalize_name(entry["name"])
    if source.get("type") == "git":
        folder, commit = f"{name}-{entry['version']}", source["resolved_reference"]
        files = [File(folder, source["url"], None, None, commit=commit)]
    elif source.get("type") == "directory":
        files = [project_folder(name, entry["version"], source["url"])]
    return Package(
        name,
        entry["version"],
        tuple(files),
        _edges(entry.get("dependencies", {}), versions),
        {
            canonicalize_name(extra): _listed(texts, versions)
            for extra, texts in entry.get("extras", {}).items()
        },
    )


def _edges(
    dependencies: Mapping[str, Any], versions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[Dependency, ...]:
    """Return the dependencies of a package, without those of its extras only."""
    found = []
    for name, value in dependencies.items():
        for one in value if isinstance(value, list) else [value]:
            table = one if isinstance(one, dict) else {"version": one}
            if table.get("optional"):
                continue
            specifier = translate(table.get("version", "*"))
            version = _version(canonicalize_name(name), specifier, versions)
            if version is not None:
                extras = frozenset(map(canonicalize_name, table.get("extras", ())))
                marker = table.get("markers")
                found.append(Dependency(canonicalize_name(name), version, marker, extras))
    return tuple(found)


def _listed(
    texts: Sequence[str], versions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> tuple[Dependency, ...]:
    """Return the dependencies that an extra adds; invalid requirements are ignored."""
    found = []
    for text in texts:
        try:
            wanted = Pep508(text)
        except InvalidRequirement:
            continue
        name = canonicalize_name(wanted.name)
        version = _version(name, str(wanted.specifier), versions)
        if version is not None:
            marker = str(wanted.marker) if wanted.marker else None
            extras = frozenset(map(canonicalize_name, wanted.extras))
            found.append(Dependency(name, version, marker, extras))
    return tuple(found)


def _version(
    name: str, specifier: str, versions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> str | None:
    """Return the version of a package that a specifier allows; None unless it is exactly one.

    From format 2.1 on, groups list every package, so none is lost with a dependency.
    """
    allowed = SpecifierSet(specifier)
    fitting = [
        entry["version"]
        for entry in versions.get(name, ())
        if allowed.contains(entry["version"], prereleases=True)
    ]
    return str(fitting[0]) if len(fitting) == 1 else None


def _groups(
    entries: Sequence[Mapping[str, Any]], extras: Mapping[str, Any]
) -> dict[str, list[Dependency]]:
    """Return every package of each group and of each extra."""
    groups: dict[str, list[Dependency]] = {DEFAULT_GROUP: []}
    for entry in entries:
        markers = entry.get("markers", {})
        for group in entry["groups"]:
            marker = markers if isinstance(markers, str) else markers.get(group)
            extra_by_group = (
                {DEFAULT_GROUP: ""} if group == MAIN else {canonicalize_name(group): ""}
            )
            if group == MAIN:
                extra_by_group |= {canonicalize_name(extra): extra for extra in extras}
            for name, extra in extra_by_group.items():
                remaining = _for_extra(marker, extra)
                if remaining is not None:
                    edge = Dependency(
                        canonicalize_name(entry["name"]), entry["version"], remaining or None
                    )
                    groups.setdefault(name, []).append(edge)
    default = {edge.name for edge in groups[DEFAULT_GROUP]}
    for name in map(canonicalize_name, extras):
        groups[name] = [edge for edge in groups.get(name, ()) if edge.name not in default]
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


def _groups_of_project(
    file: Path, versions: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, list[Dependency]]:
    """Return the groups of the project that a lock belongs to."""
    problems = Problems(str(file))
    table = Table(load(read_text(file), problems), "", problems).table("tool").table("poetry")
    wanted = poetry.read(table, file.parent)
    problems.raise_if_any()
    groups = {DEFAULT_GROUP: wanted.packages, **wanted.groups}
    return {
        group: [
            Dependency(
                package.name,
                _version(package.name, package.specifier, versions),
                None if package.marker is None else str(Marker(package.marker)),
                frozenset(package.extras),
            )
            for package in listed
            if package.name in versions
        ]
        for group, listed in groups.items()
    }
