"""Reads the table `tool.poetry` of a pyproject.toml, as Poetry documents it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lock.inputs.documents import tool_keys
from lock.inputs.documents.toml_tables import Table
from lock.inputs.poetry import poetry_sources
from lock.inputs.poetry.poetry_keys import KEYS
from lock.inputs.uv.uv_settings import DEVELOPMENT
from lock.inputs.uv.uv_sources import git
from lock.inputs.values.checks import (
    check_extra,
    check_group,
    check_index_name,
    check_marker,
    check_path,
    parse_name,
)
from lock.inputs.values.markers import all_of, can_hold
from lock.inputs.values.pep508 import file_url
from lock.inputs.values.specifier import ALTERNATIVE, SpecifierError, translate
from lock.models.requirements import (
    Index,
    Local,
    Origin,
    Reference,
    Requirement,
    Requirements,
    Settings,
)

PYTHON = "python"
# Keys of poetry.toml that decide about files; the others are about the machine.
IN_FILE = {
    "installer.no-binary": "write `no-binary-package` in `[tool.uv]`",
    "installer.only-binary": "write `no-build-package` in `[tool.uv]`",
    "repositories": "write `[[tool.poetry.source]]`",
}
# The keys of a direct reference.
PLACES = ("url", "git", "path", "file")
PLATFORM = re.compile(r"\s*(!=|==?)?\s*([\w.-]+)\s*")

Extras = Mapping[str, Sequence[Requirement]]
Groups = Mapping[str, Sequence[Requirement]]


@dataclass(frozen=True)
class Dependency:
    """An item of a table of dependencies."""

    requirement: Requirement
    is_optional: bool = False
    # Whether it may be a pre-release; None where that isn't said.
    prereleases: bool | None = None


@dataclass(frozen=True)
class Poetry:
    """The content of Poetry's table."""

    table: Table
    dependencies: tuple[Dependency, ...]
    # Normalized group → its dependencies, without those of the groups that it includes.
    groups: Mapping[str, tuple[Dependency, ...]]
    includes: Mapping[str, tuple[str, ...]]
    # Extra → the normalized names of the dependencies that it adds.
    extras: Mapping[str, frozenset[str]]
    indexes: Sequence[Index]
    requires_python: str | None
    notes: tuple[str, ...]

    @property
    def settings(self) -> Settings:
        """Return what decides about pre-releases."""
        listed = [*self.dependencies, *(one for group in self.groups.values() for one in group)]
        said = {
            one.requirement.name: "allow" if one.prereleases else "disallow"
            for one in sorted(listed, key=lambda one: one.prereleases is True)
            if one.prereleases is not None
        }
        return Settings(prerelease_of=dict(sorted(said.items())))

    def note(self, key: str, text: str) -> str:
        """Return what the user is told of a key."""
        return f"{self.table.problems.file}: {self.table.where(key)}: {text}"


def read(table: Table, folder: Path) -> Requirements:
    """Return the requirements in Poetry's table alone.

    Optional ones are in the groups of extras only. Errors are added to the table's problems.
    """
    declared = load(table, folder)
    packages, extras, _ = with_main(declared, (), {}, frozenset())
    groups, _ = with_groups(declared, {})
    return Requirements(
        None,
        None,
        tuple(packages),
        {group: tuple(listed) for group, listed in {**groups, **extras}.items()},
        tuple(declared.indexes),
        requires_python=declared.requires_python,
        settings=declared.settings,
    )


def load(table: Table, folder: Path) -> Poetry:
    """Return the content of Poetry's table. Errors are added to its problems."""
    indexes, notes = poetry_sources.read(table)
    dependencies = table.table("dependencies")
    main = (*_dependencies(dependencies, folder),)
    groups: dict[str, tuple[Dependency, ...]] = {}
    includes: dict[str, tuple[str, ...]] = {}
    listed = table.table("group")
    for group in listed.data:
        name = listed.attempt(group, check_group, group)
        inner = listed.table(group)
        if name is not None:
            groups[name] = (*_dependencies(inner.table("dependencies"), folder),)
            includes[name] = (*map(canonicalize_name, inner.texts("include-groups")),)
    if table.has("dev-dependencies"):
        old = _dependencies(table.table("dev-dependencies"), folder)
        groups[DEVELOPMENT] = (*groups.get(DEVELOPMENT, ()), *old)
    everything = [*main, *(one for group in groups.values() for one in group)]
    indexes, names = poetry_sources.with_named(indexes, [one.requirement for one in everything])

    def known(index: str | None) -> str | None:
        return names.get(index.lower(), index) if index else None

    def with_index(one: Dependency) -> Dependency:
        wanted = one.requirement
        origins = tuple(replace(origin, index=known(origin.index)) for origin in wanted.origins)
        wanted = replace(wanted, index=known(wanted.index), origins=origins)
        return replace(one, requirement=wanted)

    _check_origins(table, everything)
    return Poetry(
        table,
        tuple(map(with_index, main)),
        {group: tuple(map(with_index, found)) for group, found in groups.items()},
        includes,
        _extras(table),
        indexes,
        dependencies.checked(PYTHON, _range_of_python) if dependencies.has(PYTHON) else None,
        (
            *notes,
            *tool_keys.check(table, KEYS, table.problems.file),
            *tool_keys.beside(folder / "poetry.toml", IN_FILE),
        ),
    )


def with_main(
    poetry: Poetry,
    packages: Sequence[Requirement],
    extras: Extras,
    dynamic: frozenset[str],
) -> tuple[list[Requirement], dict[str, list[Requirement]], list[str]]:
    """Return the dependencies and the extras of `[project]` with what Poetry's table adds; notes.

    Where `[project]` has any of them, the table adds sources, versions and markers to these alone;
    `dynamic` fields come from the table in any case.
    """
    static = [one.requirement for one in poetry.dependencies if not one.is_optional]
    if not packages and not any(extras.values()):
        return static, _of_extras(poetry), _unknown_in_extras(poetry)
    given = [*packages, *(one for listed in extras.values() for one in listed)]
    found = _enriched(packages, poetry.dependencies, poetry.table, "dependencies")
    if "dependencies" in dynamic:
        found += static
        given += static
    notes = _left_over(poetry, "dependencies", given, poetry.dependencies, "`[project]`")
    if poetry.extras:
        notes.append(
            poetry.note(
                "extras",
                "Poetry ignores it where `[project]` has dependencies, and so it "
                "is here; write `[project.optional-dependencies]`",
            )
        )
    enriched = {
        extra: _enriched(listed, poetry.dependencies, poetry.table, "dependencies")
        for extra, listed in extras.items()
    }
    return found, enriched, notes


def with_groups(poetry: Poetry, groups: Groups) -> tuple[dict[str, list[Requirement]], list[str]]:
    """Return dependency groups (PEP 735) with what Poetry's table adds to them, and notes."""
    found: dict[str, list[Requirement]] = {group: [*listed] for group, listed in groups.items()}
    notes: list[str] = []
    for group, dependencies in poetry.groups.items():
        if groups.get(group):
            key = f"group.{group}.dependencies"
            found[group] = _enriched(groups[group], dependencies, poetry.table, key)
            where = f"`dependency-groups.{group}`"
            notes += _left_over(poetry, key, groups[group], dependencies, where)
        else:
            found[group] = [one.requirement for one in dependencies]
    whole = {group: _with_included(poetry, found, group, (group,)) for group in found}
    return whole, notes


def _with_included(
    poetry: Poetry, groups: Groups, group: str, including: tuple[str, ...]
) -> list[Requirement]:
    """Return the requirements of a group, with those of the groups that it includes."""
    found = [*groups[group]]
    for included in poetry.includes.get(group, ()):
        where = f"group.{group}.include-groups"
        if included not in groups:
            poetry.table.fail(where, f"there is no group `{included}`", "add it, or mend its name")
        elif included in including:
            names = " → ".join(f"`{name}`" for name in (*including, included))
            poetry.table.fail(where, f"the groups include each other ({names})", "leave one out")
        else:
            found += _with_included(poetry, groups, included, (*including, included))
    return found


def _enriched(
    listed: Sequence[Requirement], dependencies: Sequence[Dependency], table: Table, key: str
) -> list[Requirement]:
    """Return standard requirements with what Poetry's dependencies of their names add.

    A requirement that several of them fit becomes several, by their markers.
    """
    found: list[Requirement] = []
    for wanted in listed:
        fitting = [
            (one.requirement, marker)
            for one in dependencies
            if one.requirement.name == wanted.name
            and can_hold(marker := all_of([wanted.marker, one.requirement.marker]))
        ]
        if not fitting:
            found.append(wanted)
        for more, marker in fitting:
            references = {one for one in (wanted.reference, more.reference) if one}
            if len(references) > 1:
                problem = f"`{wanted.name}` comes from two places"
                table.fail(f"{key}.{wanted.name}", problem, "keep one of them")
            reference = wanted.reference or more.reference
            both = str(SpecifierSet(wanted.specifier) & SpecifierSet(more.specifier))
            found.append(
                replace(
                    wanted,
                    specifier="" if reference else both,
                    marker=marker,
                    index=None if wanted.reference else more.index,
                    reference=reference,
                    origins=() if wanted.reference else more.origins,
                )
            )
    return found


def _left_over(
    poetry: Poetry,
    key: str,
    listed: Sequence[Requirement],
    dependencies: Sequence[Dependency],
    where: str,
) -> list[str]:
    """Return a note for the dependencies that nothing standard names."""
    named = {one.name for one in listed}
    names = sorted({one.requirement.name for one in dependencies} - named)
    if not names:
        return []
    shown = ", ".join(f"`{name}`" for name in names)
    return [poetry.note(key, f"{shown} isn't in {where}, and Poetry ignores it, too; add it there")]


def _of_extras(poetry: Poetry) -> dict[str, list[Requirement]]:
    return {
        extra: [one.requirement for one in poetry.dependencies if one.requirement.name in names]
        for extra, names in poetry.extras.items()
    }


def _unknown_in_extras(poetry: Poetry) -> list[str]:
    known = {one.requirement.name for one in poetry.dependencies}
    return [
        poetry.note(
            f"extras.{extra}",
            f"there is no dependency {', '.join(sorted(unknown))}; add it, or mend the name",
        )
        for extra, names in poetry.extras.items()
        if (unknown := names - known)
    ]


def _extras(table: Table) -> dict[str, frozenset[str]]:
    extras = table.table("extras")
    return {
        name: frozenset(map(canonicalize_name, extras.texts(extra)))
        for extra in extras.data
        if (name := extras.attempt(extra, check_group, extra)) is not None
    }


def _check_origins(table: Table, dependencies: Iterable[Dependency]) -> None:
    """Add an error for each package that names several sources."""
    named: dict[str, set[str]] = {}
    for one in dependencies:
        if one.requirement.index:
            named.setdefault(one.requirement.name, set()).add(one.requirement.index.lower())
    for name, sources in named.items():
        if len(sources) > 1:
            shown = " and ".join(f"`{one}`" for one in sorted(sources))
            table.fail("dependencies", f"`{name}` has the sources {shown}", "keep one of them")


def _check_folders(table: Table, name: str, items: Sequence[Any]) -> None:
    """Add an error for a list of dependencies that come from different folders."""
    tables = [one if isinstance(one, dict) else {} for one in items]
    folders = {str(one.get("path") or one.get("file") or "") for one in tables}
    if len(folders) > 1:
        remedy = "give all of them the same `path`"
        table.fail(name, "a package's folders by markers can't be told apart here", remedy)


def _by_markers(table: Table, name: str, listed: Sequence[Dependency]) -> Sequence[Dependency]:
    """Return the dependencies of a list, which may come from an index for each marker.

    One from an index of its own without a marker is added to the problems.
    """
    if len({one.requirement.index for one in listed}) < 2:
        return listed
    found = []
    for one in listed:
        wanted = one.requirement
        if wanted.index and not wanted.marker:
            problem = f"the source `{wanted.index}` has no marker, and others stand beside it"
            table.fail(name, problem, "say by `markers` where it holds")
        origins = (Origin(wanted.marker, wanted.index),) if wanted.index else ()
        found.append(replace(one, requirement=replace(wanted, index=None, origins=origins)))
    return found


def _range_of_python(text: str) -> str | None:
    """Return a specifier of Python's version; None for alternatives that PEP 440 can't say."""
    try:
        return translate(text)
    except SpecifierError:
        if "|" in text:
            return None
        raise


def _dependencies(table: Table, folder: Path) -> Iterator[Dependency]:
    """Yield each dependency of a table, the several ones of a list apart."""
    for name, value in table.data.items():
        if canonicalize_name(name) == PYTHON:
            continue
        parsed = parse_name(name)
        if parsed is None or parsed.specifier or parsed.url or parsed.marker or parsed.extras:
            table.fail(name, "not a package's name", 'write `name = "specifier"`')
            continue
        items = value if isinstance(value, list) else [value]
        _check_folders(table, name, items)
        read = [_dependency(table, name, one, folder) for one in items]
        yield from _by_markers(table, name, [one for one in read if one is not None])


def _dependency(table: Table, name: str, value: Any, folder: Path) -> Dependency | None:
    """Return the dependency in a value; None if it is wrong, which is added to the problems."""
    normal = canonicalize_name(name)
    if isinstance(value, str):
        specifier = table.attempt(name, translate, value)
        return None if specifier is None else Dependency(Requirement(normal, (), specifier, None))
    if not isinstance(value, dict):
        table.fail(name, "this is neither a text nor a table", 'write one such as `"^1.2"`')
        return None
    inner = Table(value, table.where(name), table.problems)
    reference = _reference(inner, folder)
    markers = [
        inner.checked("markers", check_marker),
        inner.checked("python", python_marker),
        inner.checked("platform", _platform_marker),
    ]
    requirement = Requirement(
        normal,
        tuple(sorted(inner.checked_all("extras", check_extra))),
        (inner.checked("version", translate) or "") if reference is None else "",
        all_of(markers),
        index=inner.checked("source", check_index_name),
        reference=reference,
    )
    allowed = inner.truth("allow-prereleases") if inner.has("allow-prereleases") else None
    return Dependency(requirement, inner.truth("optional"), allowed)


def _reference(table: Table, folder: Path) -> Reference | None:
    given = [key for key in PLACES if table.has(key)]
    if len(given) > 1:
        names = " and ".join(f"`{key}`" for key in given)
        table.problems.add(None, table.key, f"{names} stand together", "keep one of them")
    elif given == ["url"]:
        return table.checked("url", file_url)
    elif given == ["git"]:
        return git(table)
    elif given:
        return table.checked(given[0], lambda text: Local(check_path(folder, text), text))
    return None


def python_marker(text: str) -> str:
    """Return the marker for versions of Python in Poetry's form."""
    alternatives = []
    for part in ALTERNATIVE.split(text):
        clauses = translate(part).split(",") if translate(part) else []
        alternatives.append(" and ".join(map(_python_clause, clauses)))
    return _any_of(alternatives)


def _python_clause(clause: str) -> str:
    operator = clause.rstrip("0123456789.*!abrcpostdev+-")
    version = clause[len(operator) :]
    if not operator:
        raise SpecifierError(f'"{clause}" is no range of versions; write one such as "^3.11"')
    # `python_version` has only two components.
    precise = version.removesuffix(".*").count(".") > 1
    variable = "python_full_version" if precise else "python_version"
    return str(Marker(f"{variable} {operator} '{version}'"))


def _platform_marker(text: str) -> str:
    """Return the marker for a platform in Poetry's form, such as `linux` or `!=win32,!=darwin`."""
    alternatives = []
    for part in ALTERNATIVE.split(text):
        matches = [PLATFORM.fullmatch(clause) for clause in part.split(",")]
        clauses = [
            f"sys_platform {'!=' if match[1] == '!=' else '=='} '{match[2]}'"
            for match in matches
            if match
        ]
        if len(clauses) < len(matches):
            raise SpecifierError(f'"{text}" is no platform; write one such as "linux" or "darwin"')
        alternatives.append(" and ".join(clauses))
    return _any_of(alternatives)


def _any_of(markers: Sequence[str]) -> str:
    """Return the marker that holds where one of the markers does; empty if one always holds."""
    if not all(markers):
        return ""
    return check_marker(
        " or ".join(f"({marker})" if len(markers) > 1 else marker for marker in markers)
    )
