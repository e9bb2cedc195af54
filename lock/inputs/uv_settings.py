"""Reads the table `tool.uv` of a pyproject.toml (uv's documentation, "Settings")."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.inputs import pep508, uv_sources, workspace
from lock.inputs.checks import check_address, check_index_name, check_requirement, check_time
from lock.inputs.toml_tables import Table
from lock.models.requirements import Index, Requirement, Requirements

DEVELOPMENT = "dev"

# Gives a requirement its settings; told also the extra or group that it stands in, if any.
WithSettings = Callable[..., Requirement]


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
        groups={
            group: tuple(with_settings(one, group) for one in listed)
            for group, listed in groups.items()
        },
        indexes=(*found.indexes, *_indexes(table), *_inherited_indexes(table, folder)),
        constraints=tuple(sorted(table.checked_all("constraint-dependencies", check_requirement))),
        overrides=tuple(sorted(table.checked_all("override-dependencies", check_requirement))),
        exclude_newer=table.checked("exclude-newer", check_time),
        conflicts=uv_sources.conflicts(table),
    )


def applier(table: Table, folder: Path) -> WithSettings:
    """Return a function that gives a requirement its index or reference, and its build options.

    It is told the extra or the group that the requirement stands in, if it does.
    """
    origins = uv_sources.origins(table, folder)
    extra = table.table("extra-build-dependencies")
    unbuilt = {canonicalize_name(name) for name in table.texts("no-binary-package")}
    builds: dict[str, tuple[str, ...]] = {
        canonicalize_name(name): tuple(sorted(extra.checked_all(name, check_requirement)))
        for name in extra.data
    }

    def with_settings(wanted: Requirement, part: str | None = None) -> Requirement:
        return replace(
            uv_sources.applied(wanted, origins.get(wanted.name, ()), part),
            build_requires=builds.get(wanted.name, wanted.build_requires),
            prefer_sdist=wanted.prefer_sdist or wanted.name in unbuilt,
        )

    return with_settings


def _inherited_indexes(table: Table, folder: Path) -> list[Index]:
    """Return the indexes of the root of a member's workspace that the member has no name for."""
    around = workspace.find(folder)
    if around is None or around.folder == folder.absolute():
        return []
    own = {index.name for index in _indexes(table)}
    inherited = Table({"index": around.indexes}, table.key, table.problems)
    return [index for index in _indexes(inherited) if index.name not in own]


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
