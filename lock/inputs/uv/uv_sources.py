"""Reads `sources` and `conflicts` of the table `tool.uv` (uv's documentation, "Dependencies")."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.inputs.documents.toml_tables import Table
from lock.inputs.project import workspace
from lock.inputs.values.checks import (
    check_git_address,
    check_index_name,
    check_marker,
    check_path,
    check_revision,
    check_subdirectory,
    further_group,
)
from lock.inputs.values.pep508 import file_url
from lock.models.choices import Conflict, among
from lock.models.requirements import Git, Local, Origin, Reference, Requirement


@dataclass(frozen=True)
class Source:
    """A source of a package, and the extra or group whose requirements it is for, if any."""

    origin: Origin
    part: str | None = None
    # Where it can't be had, which is an error only for what is required; else None.
    missing: Table | None = None


def origins(
    sources: Table, inherited: Table | None, folder: Path
) -> Mapping[str, Sequence[Source]]:
    """Return the sources of each package; errors are added to the tables' problems.

    A member of a workspace has those that it inherits of the root, too, seen from its own folder.
    """
    around = workspace.find(folder)
    found: dict[str, list[Source]] = {
        canonicalize_name(name): _sources(sources, name, folder, around) for name in sources.data
    }
    if around is not None and inherited is not None:
        for name in inherited.data:
            if canonicalize_name(name) not in found:
                found[canonicalize_name(name)] = [
                    _seen_from(folder, source)
                    for source in _sources(inherited, name, around.folder, around)
                ]
    return found


def applied(wanted: Requirement, sources: Sequence[Source], part: str | None) -> Requirement:
    """Return a requirement with its origins; `part` is the extra or group that it stands in."""
    of_part = [source for source in sources if source.part in (None, part)]
    for table in [source.missing for source in of_part if source.missing]:
        remedy = "add its folder to the `members` of `tool.uv.workspace`"
        table.problems.add(None, table.key, "the workspace has no such member", remedy)
    fitting = [source.origin for source in of_part if source.missing is None]
    if not fitting:
        return wanted
    if len(fitting) > 1 or fitting[0].marker:
        return replace(wanted, origins=tuple(fitting))
    [origin] = fitting
    return replace(
        wanted,
        index=origin.index or wanted.index,
        specifier="" if origin.reference else wanted.specifier,
        reference=origin.reference or wanted.reference,
        unheeded=wanted.specifier if origin.reference else "",
    )


def conflicts(table: Table) -> tuple[Conflict, ...]:
    """Return the groups that exclude each other; errors are added to the table's problems."""
    listed = table.data.get("conflicts", [])
    if not isinstance(listed, list) or not all(isinstance(one, list) for one in listed):
        table.fail(
            "conflicts", "this is not a list of lists", "see uv's documentation for its form"
        )
        return ()
    found = []
    for conflict in listed:
        inner = Table({"conflicts": conflict}, table.key, table.problems).tables("conflicts")
        names = [one.text("extra") or one.text("group") for one in inner]
        if not all(names):
            table.fail(
                "conflicts",
                "whole projects exclude each other",
                "lock them one by one, or name an `extra` or a `group`",
            )
        found.append(tuple(sorted({further_group(name) for name in names if name})))
    return among(found, {name for conflict in found for name in conflict})


def git(table: Table) -> Git | None:
    """Return the repository in a table with `git`, `rev`, `tag` or `branch`, `subdirectory`."""
    below = table.checked("subdirectory", check_subdirectory)
    url = table.checked("git", check_git_address)
    revs = [table.checked(key, check_revision) for key in ("rev", "tag", "branch")]
    return None if url is None else Git(url, next(filter(None, revs), None), below)


def _sources(
    sources: Table, name: str, folder: Path, around: workspace.Workspace | None
) -> list[Source]:
    """Return the sources of a package: of a table, or of a list of them."""
    if not isinstance(sources.data[name], list):
        tables = [sources.table(name)]
    else:
        tables = sources.tables(name)
    found = [_source(one, name, folder, around) for one in tables]
    references = [source.origin.reference for source in found if source is not None]
    if len(tables) > 1 and any(isinstance(one, Local) and one.is_project for one in references):
        problem = "a project's folder can't be one of several sources"
        sources.fail(name, problem, "keep the folder alone, or name other sources")
    return [source for source in found if source is not None]


def _source(
    table: Table, name: str, folder: Path, around: workspace.Workspace | None
) -> Source | None:
    """Return a source; None if it is wrong, which is added to the problems."""
    target = _target(table, name, folder, around)
    parts = [part for key in ("extra", "group") if (part := table.text(key))]
    if len(parts) > 1:
        table.problems.add(None, table.key, "`extra` and `group` stand together", "keep one")
    marker = table.checked("marker", check_marker)
    group = further_group(parts[0]) if parts else None
    if target is None:
        return Source(Origin(marker), group, table) if table.has("workspace") else None
    index, reference = (target, None) if isinstance(target, str) else (None, target)
    return Source(Origin(marker, index, reference), group)


def _target(
    table: Table, name: str, folder: Path, around: workspace.Workspace | None
) -> Reference | str | None:
    """Return the direct reference of a source, or the name of its index."""
    if table.has("index"):
        return table.checked("index", check_index_name)
    if table.has("url"):
        below = table.checked("subdirectory", check_subdirectory)
        return table.checked("url", lambda text: file_url(text, below))
    if table.has("git"):
        return git(table)
    if table.has("path"):
        return table.checked("path", lambda text: Local(check_path(folder, text), text))
    if table.has("workspace") and table.truth("workspace"):
        path = around.members.get(canonicalize_name(name)) if around else None
        return None if path is None else Local(str(path), os.path.relpath(path, folder.absolute()))
    remedy = "name an `index`, `url`, `git` or `path`"
    table.problems.add(None, table.key, "this source can't be locked", remedy)
    return None


def _seen_from(folder: Path, source: Source) -> Source:
    """Return a source with its path as it is seen from another folder."""
    reference = source.origin.reference
    if not isinstance(reference, Local):
        return source
    seen = Local(reference.path, os.path.relpath(reference.path, folder.absolute()))
    return Source(Origin(source.origin.marker, reference=seen), source.part)
