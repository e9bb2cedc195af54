"""Reads uv's settings: `tool.uv` of a pyproject.toml, and uv.toml (uv's documentation, "Settings").

`uv_keys` has every key, and what is done with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs.documents.toml_tables import Table
from lock.inputs.project import workspace
from lock.inputs.uv import uv_files, uv_sources
from lock.inputs.uv.uv_choices import settings_of
from lock.inputs.uv.uv_indexes import indexes_of, notes_of
from lock.inputs.uv.uv_sources import Source
from lock.inputs.uv.uv_values import name_list, text_list
from lock.inputs.values import pep508
from lock.inputs.values.checks import check_extra, check_marker, check_requirement, check_time
from lock.models.requirements import Requirement, Requirements
from lock.models.target import FLOORS, check_floor

DEVELOPMENT = "dev"
# Of a requirement (PEP 508).
NAME_OF = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")

# Gives a requirement its origin; told also the extra or group that it stands in, if any.
WithSettings = Callable[..., Requirement]


def apply(table: Table, found: Requirements, folder: Path) -> Requirements:
    """Return requirements with uv's settings applied; errors are added to the table's problems."""
    files = uv_files.find(table, folder)
    files.refuse()
    development = table.checked_all(
        "dev-dependencies", lambda text: pep508.requirement(text, folder)
    )
    groups = dict(found.groups)
    if development:
        listed = [*groups.get(DEVELOPMENT, ()), *development]
        groups[DEVELOPMENT] = tuple(sorted(dict.fromkeys(listed), key=str))
    sources = sources_of(files, folder)
    with_settings = _applier(sources)
    root = files.root
    return replace(
        found,
        packages=tuple(map(with_settings, found.packages)),
        groups=_for_pythons(
            table,
            {
                group: tuple(with_settings(one, group) for one in listed)
                for group, listed in groups.items()
            },
        ),
        indexes=(*found.indexes, *indexes_of(files)),
        constraints=tuple(sorted(root.checked_all("constraint-dependencies", check_requirement))),
        overrides=tuple(sorted(_overrides(root))),
        exclude_newer=files.settings.checked("exclude-newer", check_time),
        settings=replace(settings_of(files), build_index_of=index_of(sources)),
        environments=tuple(_environments(root)),
        conflicts=uv_sources.conflicts(root),
        floors={**found.floors, **_floors(root.table("minimum-libc-version"))},
        notes=(*found.notes, *files.notes, *notes_of(files), *_of_builds(files, sources, folder)),
    )


def applier(table: Table, folder: Path) -> WithSettings:
    """Return a function that gives a requirement its index or reference.

    It is told the extra or the group that the requirement stands in, if it does.
    """
    return _applier(sources_of(uv_files.find(table, folder), folder))


def index_of(sources: Mapping[str, Sequence[Source]]) -> Mapping[str, str]:
    """Return, by project name, the index of those that have one everywhere."""
    return {
        name: listed[0].origin.index
        for name, listed in sources.items()
        if len(listed) == 1 and listed[0].origin.index and not listed[0].origin.marker
    }


def _of_builds(
    files: uv_files.Configuration, sources: Mapping[str, Sequence[Source]], folder: Path
) -> Iterator[str]:
    """Yield what the user is told of sources that don't hold for the project's own build."""
    for name in sorted(set(map(_name, workspace.build_requires(folder)))):
        if any(source.origin.reference for source in sources.get(name, ())):
            yield (
                f"{files.own.problems.file}: tool.uv.sources.{name} has no effect on the build, "
                "which takes it from an index"
            )


def _name(requirement: str) -> str:
    """Return the normalized name in a requirement; empty for a text that is none."""
    match = NAME_OF.match(requirement)
    return str(canonicalize_name(match[1])) if match else ""


def _applier(sources: Mapping[str, Sequence[Source]]) -> WithSettings:
    def with_settings(wanted: Requirement, part: str | None = None) -> Requirement:
        return uv_sources.applied(wanted, sources.get(wanted.name, ()), part)

    return with_settings


def sources_of(files: uv_files.Configuration, folder: Path) -> Mapping[str, Sequence[Source]]:
    """Return, by project name, where a package comes from."""
    if files.settings.truth("no-sources"):
        return {}
    inherited = files.root.table("sources") if files.is_member else None
    found = uv_sources.origins(files.own.table("sources"), inherited, folder)
    without = name_list(files.settings, "no-sources-package")
    return {name: sources for name, sources in found.items() if name not in without}


def _overrides(root: Table) -> Sequence[str]:
    key = "override-dependencies"
    problem = "an override of one package's requirements can't be locked"
    texts = text_list(root, key, problem, "override it for all, by a text such as `name==1.2`")
    found = [root.attempt(key, check_requirement, text) for text in texts]
    return [one for one in found if one is not None]


def _environments(root: Table) -> Sequence[str]:
    """Return the markers of the systems to lock for: a text or a list of them."""
    key = "environments"
    if isinstance(root.data.get(key), str):
        found = root.checked(key, check_marker)
        return [] if found is None else [found]
    return root.checked_all(key, check_marker)


def _floors(table: Table) -> Mapping[str, str]:
    """Return the oldest platforms in `minimum-libc-version`."""
    found = {
        kind: table.checked(kind, partial(check_floor, kind))
        for kind in table.data
        if kind in FLOORS
    }
    for kind in table.data.keys() - FLOORS.keys():
        table.fail(kind, "this is no C library", "name `glibc` or `musl`")
    return {kind: version for kind, version in found.items() if version is not None}


def _for_pythons(
    table: Table, groups: Mapping[str, tuple[Requirement, ...]]
) -> dict[str, tuple[Requirement, ...]]:
    """Return groups whose requirements hold only for the Pythons that uv's table allows them."""
    limits = table.table("dependency-groups")
    marked = dict(groups)
    for name in limits.data:
        group = limits.attempt(name, check_extra, name)
        markers = limits.table(name).checked("requires-python", python_markers)
        if group in marked and markers:
            marked[group] = tuple(_only_where(one, markers) for one in marked[group])
    return marked


def python_markers(text: str) -> str:
    """Return the marker of a range of Python's versions (PEP 440)."""
    try:
        specifiers = sorted(map(str, SpecifierSet(text)))
    except InvalidSpecifier:
        raise UsageError(f'"{text}" is no range of versions; write one such as ">=3.11"') from None
    parts = []
    for specifier in specifiers:
        version = specifier.lstrip("<>=!~")
        operator = specifier.removesuffix(version)
        parts.append(f"python_full_version {operator} '{version}'")
    return " and ".join(parts)


def _only_where(wanted: Requirement, marker: str) -> Requirement:
    both = f"({wanted.marker}) and {marker}" if wanted.marker else marker
    return replace(wanted, marker=check_marker(both))
