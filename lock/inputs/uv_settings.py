"""Reads uv's settings: `tool.uv` of a pyproject.toml, and uv.toml (uv's documentation, "Settings").

`uv_keys` has every key, and what is done with it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs import pep508, uv_files, workspace
from lock.inputs.checks import (
    check_extra,
    check_file_address,
    check_git_address,
    check_index_name,
    check_marker,
    check_path,
    check_requirement,
    check_revision,
    check_time,
)
from lock.inputs.toml_tables import Table
from lock.inputs.uv_choices import settings_of
from lock.inputs.uv_indexes import indexes_of, notes_of
from lock.inputs.uv_values import name_list, text_list
from lock.models.requirements import Git, Local, Reference, Requirement, Requirements, Url
from lock.models.target import FLOORS, check_floor

DEVELOPMENT = "dev"
# Of a requirement (PEP 508).
NAME_OF = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


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
            {group: tuple(map(with_settings, listed)) for group, listed in groups.items()},
        ),
        indexes=(*found.indexes, *indexes_of(files)),
        constraints=tuple(sorted(root.checked_all("constraint-dependencies", check_requirement))),
        overrides=tuple(sorted(_overrides(root))),
        exclude_newer=files.settings.checked("exclude-newer", check_time),
        settings=replace(settings_of(files), build_index_of=index_of(sources)),
        environments=tuple(_environments(root)),
        floors={**found.floors, **_floors(root.table("minimum-libc-version"))},
        notes=(*found.notes, *files.notes, *notes_of(files), *_of_builds(files, sources, folder)),
    )


def applier(table: Table, folder: Path) -> Callable[[Requirement], Requirement]:
    """Return a function that gives a requirement its index or reference, and its build options."""
    return _applier(sources_of(uv_files.find(table, folder), folder))


def index_of(sources: Mapping[str, Reference | str | None]) -> Mapping[str, str]:
    """Return, by project name, the names of the indexes among sources."""
    return {name: source for name, source in sources.items() if isinstance(source, str)}


def _of_builds(
    files: uv_files.Configuration, sources: Mapping[str, Reference | str | None], folder: Path
) -> Iterator[str]:
    """Yield what the user is told of sources that don't hold for the project's own build."""
    for name in sorted(set(map(_name, workspace.build_requires(folder)))):
        if isinstance(sources.get(name), Reference):
            yield (
                f"{files.own.problems.file}: tool.uv.sources.{name} has no effect on the build, "
                "which takes it from an index"
            )


def _name(requirement: str) -> str:
    """Return the normalized name in a requirement; empty for a text that is none."""
    match = NAME_OF.match(requirement)
    return str(canonicalize_name(match[1])) if match else ""


def _applier(
    sources: Mapping[str, Reference | str | None],
) -> Callable[[Requirement], Requirement]:
    def with_settings(wanted: Requirement) -> Requirement:
        source = sources.get(wanted.name)
        return replace(
            wanted,
            index=source if isinstance(source, str) else wanted.index,
            specifier="" if isinstance(source, Reference) else wanted.specifier,
            reference=source if isinstance(source, Reference) else wanted.reference,
        )

    return with_settings


def sources_of(files: uv_files.Configuration, folder: Path) -> Mapping[str, Reference | str | None]:
    """Return, by project name, the direct reference of a package, or the name of its index."""
    if files.settings.truth("no-sources"):
        return {}
    sources = files.own.table("sources")
    around = workspace.find(folder)
    found: dict[str, Reference | str | None] = {
        canonicalize_name(name): _source(sources, name, folder, around) for name in sources.data
    }
    if around is not None and files.is_member:
        inherited = files.root.table("sources")
        for name in inherited.data:
            if canonicalize_name(name) not in found:
                source = _seen_from(folder, _source(inherited, name, around.folder, around))
                found[canonicalize_name(name)] = source
    for name in name_list(files.settings, "no-sources-package"):
        found.pop(name, None)
    return found


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
        markers = limits.table(name).checked("requires-python", _python_markers)
        if group in marked and markers:
            marked[group] = tuple(_only_where(one, markers) for one in marked[group])
    return marked


def _python_markers(text: str) -> str:
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


def _seen_from(folder: Path, source: Reference | str | None) -> Reference | str | None:
    """Return a source with its path as it is seen from another folder."""
    if not isinstance(source, Local):
        return source
    return Local(source.path, os.path.relpath(source.path, folder.absolute()))


def _source(
    sources: Table, name: str, folder: Path, around: workspace.Workspace | None
) -> Reference | str | None:
    """Return the direct reference of a package, or the name of its index."""
    if isinstance(sources.data[name], list):
        problem = "several sources of one package can't be locked"
        sources.fail(name, problem, "keep one, without a marker")
        return None
    table = sources.table(name)
    if table.has("index"):
        return table.checked("index", check_index_name)
    if table.has("url"):
        url = table.checked("url", check_file_address)
        return None if url is None else Url(url)
    if table.has("git"):
        return git(table)
    if table.has("path"):
        return table.checked("path", lambda text: Local(check_path(folder, text), text))
    if table.has("workspace") and table.truth("workspace"):
        path = around.members.get(canonicalize_name(name)) if around else None
        if path is None:
            remedy = "add its folder to the `members` of `tool.uv.workspace`"
            sources.fail(name, "the workspace has no such member", remedy)
            return None
        return Local(str(path), os.path.relpath(path, folder.absolute()))
    sources.fail(name, "this source can't be locked", "name an `index`, `url`, `git` or `path`")
    return None


def git(table: Table) -> Git | None:
    """Return the repository in a table with `git`, and `rev`, `tag` or `branch`."""
    if table.has("subdirectory"):
        remedy = "name a project at the top of its repository"
        table.fail("subdirectory", "a project in a subdirectory can't be locked", remedy)
    url = table.checked("git", check_git_address)
    revs = [table.checked(key, check_revision) for key in ("rev", "tag", "branch")]
    return None if url is None else Git(url, next(filter(None, revs), None))
