"""Reads the table `tool.uv` of a pyproject.toml (uv's documentation, "Settings")."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.inputs import pep508, workspace
from lock.inputs.checks import (
    check_address,
    check_file_address,
    check_git_address,
    check_index_name,
    check_path,
    check_requirement,
    check_revision,
    check_time,
)
from lock.inputs.toml_tables import Table
from lock.models.requirements import Git, Index, Local, Reference, Requirement, Requirements, Url

DEVELOPMENT = "dev"


def apply(table: Table, found: Requirements, folder: Path) -> Requirements:
    """Return requirements with uv's settings applied; errors are added to the table's problems."""
    development = table.checked_all(
        "dev-dependencies", lambda text: pep508.requirement(text, folder)
    )
    groups = dict(found.groups)
    if development:
        listed = [*groups.get(DEVELOPMENT, ()), *development]
        groups[DEVELOPMENT] = tuple(sorted(dict.fromkeys(listed), key=str))
    with_settings = applier(table, folder)
    return replace(
        found,
        packages=tuple(map(with_settings, found.packages)),
        groups={group: tuple(map(with_settings, listed)) for group, listed in groups.items()},
        indexes=(*found.indexes, *_indexes(table)),
        constraints=tuple(sorted(table.checked_all("constraint-dependencies", check_requirement))),
        overrides=tuple(sorted(table.checked_all("override-dependencies", check_requirement))),
        exclude_newer=table.checked("exclude-newer", check_time),
    )


def applier(table: Table, folder: Path) -> Callable[[Requirement], Requirement]:
    """Return a function that gives a requirement its index or reference, and its build options."""
    sources = table.table("sources")
    around = workspace.find(folder)
    extra = table.table("extra-build-dependencies")
    unbuilt = {canonicalize_name(name) for name in table.texts("no-binary-package")}
    sources_by_name: dict[str, Reference | str | None] = {
        canonicalize_name(name): _source(sources, name, folder, around) for name in sources.data
    }
    if around is not None and around.folder != folder.absolute():
        inherited = Table(around.sources, sources.key, sources.problems)
        for name in inherited.data:
            if canonicalize_name(name) not in sources_by_name:
                source = _seen_from(folder, _source(inherited, name, around.folder, around))
                sources_by_name[canonicalize_name(name)] = source
    builds: dict[str, tuple[str, ...]] = {
        canonicalize_name(name): tuple(sorted(extra.checked_all(name, check_requirement)))
        for name in extra.data
    }

    def with_settings(wanted: Requirement) -> Requirement:
        source = sources_by_name.get(wanted.name)
        return replace(
            wanted,
            index=source if isinstance(source, str) else wanted.index,
            specifier="" if isinstance(source, Reference) else wanted.specifier,
            reference=source if isinstance(source, Reference) else wanted.reference,
            build_requires=builds.get(wanted.name, wanted.build_requires),
            prefer_sdist=wanted.prefer_sdist or wanted.name in unbuilt,
        )

    return with_settings


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


def _indexes(table: Table) -> list[Index]:
    found = []
    for number, one in enumerate(table.tables("index"), 1):
        url = one.checked("url", check_address)
        name = one.checked("name", check_index_name) or f"index-{number}"
        if url is None:
            if not one.has("url"):
                one.fail("url", "the index has no address", "add it")
            continue
        flat = one.text("format") == "flat"
        found.append(Index(name, url, one.truth("explicit"), one.truth("default"), flat))
    return found
