"""Reads pyproject.toml: `project` (PEP 621), `dependency-groups` (PEP 735), and tools' tables."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Pep508
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.inputs import read_text
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.pdm import pdm_table as pdm
from lock.inputs.poetry import poetry_table as poetry
from lock.inputs.project import (
    dynamic_fields,
    hatch,
    member_groups,
    projects,
    setuptools_project,
    workspace,
)
from lock.inputs.project.build_documents import deciding_files, documents
from lock.inputs.project.member_groups import Member
from lock.inputs.project.self_references import expanded
from lock.inputs.uv import uv_settings
from lock.inputs.values import pep508
from lock.inputs.values.checks import check_extra, check_group
from lock.models.builds import LEGACY_REQUIRES
from lock.models.requirements import Index, Project, Requirement, Requirements, Settings

Groups = dict[str, tuple[Requirement, ...]]
# `parse` and `parse_dependencies` take the names of members.
HAS_MEMBERS = True
NOTHING = "no package is asked for; list them in `project.dependencies`"


@dataclass(frozen=True)
class _Document:
    """The content of a pyproject.toml."""

    # Extras and dependency groups are groups of it; those on the project itself are expanded.
    listed: Requirements
    # Dependency group → its requirements on the project itself.
    of_itself: Mapping[str, Sequence[Requirement]]
    # The dependency groups alone.
    groups: Groups
    # None where no wheel is to be built of it.
    project: Project | None
    # The folders of the workspace that it is the root of.
    members: tuple[Path, ...]


@dataclass(frozen=True)
class _Static:
    """What a project requires, as far as its build backend needn't be asked."""

    packages: Sequence[Requirement]
    # Normalized extra → its requirements; those on the project itself aren't expanded.
    extras: Mapping[str, Sequence[Requirement]]
    is_asked: bool
    poetry: poetry.Poetry | None
    notes: Sequence[str]


def parse(text: str, file: str, only: Collection[str] = ()) -> Requirements:
    """Return the requirements of a project, which are itself, its extras and its groups.

    One of which no wheel is to be built has no part in them, only its dependencies. A workspace's
    root has all its members, or those that `only` names; groups of one name in several of them are
    told apart.

    Raises UsageError with a line for each error: `FILE: key: what is wrong; what to do`.
    """
    folder = Path(file).parent
    root = _read(text, file)
    members = member_groups.choose([*_members(root, folder)], only, file)
    documents = [member.content for member in members]
    installed = [_installed(document, folder) for document in documents]
    groups = member_groups.apart(
        [member.having(further) for member, (_, further) in zip(members, installed, strict=True)],
        file,
    )
    found = replace(
        root.listed,
        packages=_together([one for own, _ in installed for one in own]),
        groups={group: _together(listed) for group, listed in groups.items()},
        indexes=tuple(
            dict.fromkeys(
                index for document in [root, *documents] for index in document.listed.indexes
            )
        ),
        projects=tuple(
            replace(document.project, is_own=True) for document in documents if document.project
        ),
        notes=tuple(
            dict.fromkeys(note for document in documents for note in document.listed.notes)
        ),
        only_members=tuple(sorted(only)),
    )
    if not (found.packages or found.groups):
        raise UsageError(f"{file}: {NOTHING}")
    return found


def parse_dependencies(text: str, file: str, only: Collection[str] = ()) -> Requirements:
    """Return what a project requires, without itself; its extras and groups become groups.

    `only` names members of its workspace, whose requirements these are instead.

    Raises what `parse` raises, and UsageError where only the build backend knows what it requires.
    """
    root = _read(text, file, alone=True)
    found = root.listed
    documents = [root]
    if only:
        members = member_groups.choose([*_members(root, Path(file).parent)], only, file)
        documents = [member.content for member in members]
        groups = member_groups.apart(
            [member.having(member.content.listed.groups) for member in members], file
        )
        found = replace(
            found,
            packages=_together([one for document in documents for one in document.listed.packages]),
            groups={group: _together(listed) for group, listed in groups.items()},
            only_members=tuple(sorted(only)),
        )
    for document in documents:
        if document.project and document.project.dependencies is None:
            raise UsageError(
                f"{file}: only the build backend knows what {document.project.name} depends on; "
                "lock it with the project"
            )
    if not (found.packages or found.groups):
        raise UsageError(f"{file}: {NOTHING}")
    return found


def _members(root: _Document, folder: Path) -> Iterator[Member[_Document]]:
    """Yield a workspace's root, which may be no project, and its members."""
    yield Member(workspace.name(folder), root, is_root=True)
    for member in root.members:
        inner = member / "pyproject.toml"
        yield Member(workspace.name(member) or member.name, _read(read_text(inner), str(inner)))


def project(text: str, file: str) -> Project | None:
    """Return the project that a pyproject.toml declares; None if it declares none.

    Raises what `parse` raises.
    """
    return _read(text, file, required=True).project


def own_project(text: str, file: str) -> Project | None:
    """Return the project that a pyproject.toml declares; None where no wheel is built of it.

    Raises what `parse` raises.
    """
    return _read(text, file, is_locked=True).project


def indexes(text: str, file: str) -> tuple[Index, ...]:
    """Return the indexes of a project. Raises what `parse` raises."""
    return _read(text, file, is_locked=True).listed.indexes


def _installed(
    document: _Document, folder: Path
) -> tuple[Sequence[Requirement], Mapping[str, Sequence[Requirement]]]:
    """Return what a project adds to the default group, and to further ones."""
    project = document.project
    if project is None:
        return document.listed.packages, document.listed.groups
    own = projects.reference(project, folder)
    groups = {group: [*listed] for group, listed in document.groups.items()}
    for group, listed in document.of_itself.items():
        groups.setdefault(group, []).extend(replace(one, reference=own.reference) for one in listed)
    for extra in project.extras:
        groups.setdefault(extra, []).append(replace(own, extras=(extra,)))
    return [own], groups


def _read(
    text: str, file: str, *, required: bool = False, is_locked: bool = False, alone: bool = False
) -> _Document:
    """Read a pyproject.toml.

    With `required`, a wheel is built of it in any case. `is_locked` says that another tool has
    locked it. `alone`, its dependencies are wanted without itself.
    """
    problems = Problems(file)
    document = Table(load(text, problems), "", problems)
    folder = Path(file).parent
    metadata = document.table("project")
    tool = document.table("tool")
    is_package = _is_package(document, folder, required=required)
    own = _name(document)
    static = _static(document, folder, is_package=is_package)
    groups = _groups(document, folder)
    old = static.poetry
    development = None
    if required:
        # Of what others require, its own metadata counts, which has no sources.
        static = _without_indexes(static)
    else:
        development = pdm.read(tool.table("pdm"), folder, is_locked=is_locked)
        static, groups = _with_groups(document, folder, static, groups, development)
    of_extras = {
        extra: _together(expanded(found, own, static.extras, frozenset({extra})))
        for extra, found in static.extras.items()
    }
    # A group that names a project which is not installed wants all that this depends on.
    of_own = static.packages if alone or not is_package else ()
    of_groups = {
        group: _together(expanded(found, own, static.extras, dependencies=of_own))
        for group, found in groups.items()
    }
    merged: Groups = {}
    for group, found in [*of_extras.items(), *of_groups.items()]:
        merged[group] = _together([*merged.get(group, ()), *found])
    of_itself = {
        group: [one for one in found if one.name == own] for group, found in groups.items()
    }
    listed = Requirements(
        None,
        None,
        _together(static.packages),
        merged,
        tuple(old.indexes) if old else (),
        requires_python=_python_range(
            metadata.checked("requires-python", check_python_range),
            old.requires_python if old else None,
        ),
        notes=tuple(static.notes),
    )
    listed = uv_settings.apply(tool.table("uv"), listed, folder)
    listed = _with_prereleases(listed, old.settings if old else Settings())
    listed = development.apply(listed) if development else listed
    _check_indexes(listed, problems)
    with_settings = uv_settings.applier(tool.table("uv"), folder)
    project = (
        _project(
            document,
            folder,
            listed.packages,
            {
                extra: tuple(with_settings(one, extra) for one in found)
                for extra, found in sorted(of_extras.items())
            },
            is_asked=static.is_asked,
        )
        if is_package
        else None
    )
    apart = {group: found for group, found in listed.groups.items() if group not in of_extras}
    shared = of_extras.keys() & of_groups.keys()
    apart |= {
        group: tuple(with_settings(one, group) for one in of_groups[group])
        for group in sorted(shared)
    }
    problems.raise_if_any()
    workspace_table = tool.table("uv").table("workspace")
    members = (
        tuple(workspace.member_folders(folder.absolute(), workspace_table.data))
        if workspace_table.data
        else ()
    )
    return _Document(listed, of_itself, apart, project, members)


def _static(document: Table, folder: Path, *, is_package: bool) -> _Static:
    """Return what a project requires without its build backend, by `project` and Poetry's table."""
    metadata = document.table("project")
    packages = _requirements(metadata, "dependencies", folder)
    extras: dict[str, Sequence[Requirement]] = dict(_extras(metadata, folder))
    dynamic = dynamic_fields.read(document, folder)
    packages += dynamic.packages
    extras |= dict(dynamic.extras)
    unknown = dynamic.unknown
    notes: list[str] = []
    table = document.table("tool").table("poetry")
    old = poetry.load(table, folder) if table.data else None
    if old:
        packages, enriched, notes = poetry.with_main(old, packages, extras, unknown)
        extras = dict(enriched)
        unknown = frozenset() if table.has("dependencies") else unknown
    if unknown and not is_package:
        metadata.fail(
            "dynamic",
            f"the {' and the '.join(sorted(unknown))} are known only to the build backend, and "
            "there is nothing to build",
            "list them in `[project]`, or add a `[build-system]`",
        )
    if "optional-dependencies" in unknown and is_package:
        extras = {**dict.fromkeys(_names_of_extras(document, folder), ()), **extras}
        if not extras:
            notes.append(
                f"{document.problems.file}: project.dynamic: which extras there are is known only "
                "to the build backend, so that they are no groups; list them in "
                "`[project.optional-dependencies]`"
            )
    return _Static(packages, extras, is_package and bool(unknown), old, notes)


def _name(document: Table) -> str | None:
    """Return the normalized name of a project."""
    of_poetry = document.table("tool").table("poetry").text("name")
    name = document.table("project").text("name") or of_poetry
    return canonicalize_name(name) if name else None


def _without_indexes(static: _Static) -> _Static:
    return replace(
        static,
        packages=[replace(one, index=None) for one in static.packages],
        extras={
            extra: [replace(one, index=None) for one in listed]
            for extra, listed in static.extras.items()
        },
    )


def _with_groups(
    document: Table,
    folder: Path,
    static: _Static,
    groups: Mapping[str, Sequence[Requirement]],
    development: pdm.Pdm,
) -> tuple[_Static, dict[str, list[Requirement]]]:
    """Return what a project requires and its groups, with those in the tables of tools."""
    notes = [*static.notes]
    found = {group: [*listed] for group, listed in groups.items()}
    if static.poetry:
        found, told = poetry.with_groups(static.poetry, found)
        notes += [*static.poetry.notes, *told]
    for group, more in development.groups.items():
        found[group] = [*found.get(group, ()), *more]
    static, found = _with_pdm_s_indexes(development, static, found)
    table = document.table("tool").table("hatch")
    extras = None if static.is_asked else static.extras.keys()
    environments = hatch.read(table, folder, _name(document), found, extras)
    found |= {group: [*listed] for group, listed in environments.groups.items()}
    return replace(static, notes=[*notes, *environments.notes]), found


def _names_of_extras(document: Table, folder: Path) -> list[str]:
    """Return the normalized names of extras whose requirements only the backend knows."""
    hooks = document.table("tool").table("hatch").table("metadata").table("hooks")
    of_hook = hooks.table("requirements_txt").table("optional-dependencies").data
    names = [*of_hook, *setuptools_project.read(folder).extras]
    project = document.table("project")
    found = [project.attempt("dynamic", check_group, name) for name in names]
    return [name for name in dict.fromkeys(found) if name is not None]


def _with_prereleases(found: Requirements, settings: Settings) -> Requirements:
    """Return requirements with what Poetry says about pre-releases, where uv's table doesn't."""
    of_both = {**settings.prerelease_of, **found.settings.prerelease_of}
    return replace(found, settings=replace(found.settings, prerelease_of=of_both))


def _with_pdm_s_indexes(
    development: pdm.Pdm, static: _Static, groups: Mapping[str, Sequence[Requirement]]
) -> tuple[_Static, dict[str, list[Requirement]]]:
    """Return requirements with the only indexes that may have them."""
    everything = [*static.packages, *(one for listed in static.extras.values() for one in listed)]
    everything += [one for listed in groups.values() for one in listed]
    development.check_included(everything)
    placed = {
        extra: [*map(development.with_index, listed)] for extra, listed in static.extras.items()
    }
    packages = [*map(development.with_index, static.packages)]
    return replace(static, packages=packages, extras=placed), {
        group: [*map(development.with_index, listed)] for group, listed in groups.items()
    }


def _python_range(standard: str | None, of_poetry: str | None) -> str | None:
    """Return the versions of Python that both ranges allow."""
    given = [*filter(None, (standard, of_poetry))]
    if len(given) < 2:
        return given[0] if given else None
    return str(SpecifierSet(given[0]) & SpecifierSet(given[1]))


def _is_package(document: Table, folder: Path, *, required: bool) -> bool:
    """Return whether a wheel is to be built of a project, by what its tool says."""
    tool = document.table("tool")
    uv, old = tool.table("uv"), tool.table("poetry")
    if uv.has("package") and not required:
        return uv.truth("package")
    if old.has("package-mode") and not old.truth("package-mode"):
        return False
    if not pdm.is_distribution(tool.table("pdm")):
        return False
    described = bool(document.table("project").data or old.data)
    if not described:
        described = any((folder / name).is_file() for name in ("setup.cfg", "setup.py"))
        return described and document.has("build-system")
    return document.has("build-system") or required or uv.truth("package")


def _project(
    document: Table,
    folder: Path,
    dependencies: tuple[Requirement, ...],
    extras: Groups,
    *,
    is_asked: bool,
) -> Project | None:
    """Return the project of a document; None without a name, which is added to the problems."""
    metadata = document.table("project")
    tool = document.table("tool")
    old = tool.table("poetry")
    system = document.table("build-system")
    requires = system.checked_all("requires", check_build_requirement)
    build_requires = tuple(sorted(requires)) if system.data else LEGACY_REQUIRES
    if not (metadata.data or old.data):
        return projects.of_setuptools(folder, build_requires)
    name = metadata.text("name") or old.text("name")
    if name is None:
        remedy = 'add `name = "…"`, or set `package = false` in `[tool.uv]`'
        metadata.fail("name", "the project has no name", remedy)
        return None
    version = metadata.text("version")
    if version is None and not metadata.has("version") and not _has_dynamic_version(document):
        version = old.text("version")
    is_dynamic = "version" in metadata.texts("dynamic") or old.has("version")
    if version is None and not is_dynamic:
        remedy = 'add `version = "…"`, or list it in `dynamic`'
        metadata.fail("version", "the project has no version", remedy)
    scripts = (
        metadata.table("scripts"),
        metadata.table("gui-scripts"),
        old.table("scripts"),
    )
    return Project(
        metadata.attempt("name", check_extra, name) or name,
        None if version is None else metadata.attempt("version", check_version, version),
        str(folder.absolute()),
        None if is_asked else dependencies,
        {extra: () if is_asked else listed for extra, listed in extras.items()},
        tuple(sorted({program for table in scripts for program in table.data})),
        build_requires,
        documents(document.data, folder),
        digest=projects.digest(folder, deciding_files(document.data, folder)) if is_asked else "",
        requires_python=metadata.checked("requires-python", check_python_range),
    )


def _has_dynamic_version(document: Table) -> bool:
    """Return whether Poetry's version is a placeholder that a plugin replaces."""
    plugin = document.table("tool").table("poetry-dynamic-versioning")
    return plugin.has("enable") and plugin.truth("enable")


def check_build_requirement(text: str) -> str:
    """Check a requirement of a build (PEP 518)."""
    try:
        return str(Pep508(text))
    except InvalidRequirement:
        raise UsageError(f'"{text}" is no requirement (PEP 508); mend it') from None


def check_version(text: str) -> str:
    """Check a project's version (PEP 440), and normalize it."""
    try:
        return str(Version(text))
    except InvalidVersion:
        raise UsageError(f'"{text}" is no version (PEP 440); write one such as "1.0"') from None


def _check_indexes(found: Requirements, problems: Problems) -> None:
    """Add an error for each requirement that names an unknown index."""
    known = {index.name for index in found.indexes}
    for wanted in {*found.packages, *(one for listed in found.groups.values() for one in listed)}:
        named = [index for index in (wanted.index, *(one.index for one in wanted.origins)) if index]
        for index in [one for one in named if one not in known]:
            remedy = "add it to the project's indexes"
            problems.add(None, wanted.name, f"there is no index `{index}`", remedy)


def check_python_range(text: str) -> str:
    """Check a specifier (PEP 440) of Python's version."""
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        raise UsageError(f'"{text}" is no range of versions; write one such as ">=3.11"') from None


def _requirements(table: Table, key: str, folder: Path) -> list[Requirement]:
    return table.checked_all(key, lambda text: pep508.requirement(text, folder))


def _extras(project: Table, folder: Path) -> dict[str, list[Requirement]]:
    """Return the extras by their normalized names."""
    optional = project.table("optional-dependencies")
    return {
        name: _requirements(optional, extra, folder)
        for extra in optional.data
        if (name := optional.attempt(extra, check_group, extra)) is not None
    }


def _groups(document: Table, folder: Path) -> dict[str, list[Requirement]]:
    """Return the dependency groups by their normalized names."""
    table = document.table("dependency-groups")
    found: dict[str, list[Requirement]] = {}
    for group in table.data:
        name = table.attempt(group, check_group, group)
        try:
            texts = resolve_dependency_groups(dict(table.data), group)
        except ExceptionGroup as error:
            first = error.exceptions[0]
            problem = str(first.args[0] if first.args else first).partition("\n")[0].rstrip(".")
            table.fail(group, f"this is no group ({problem})", "see PEP 735 for its form")
            continue
        wanted = [
            table.attempt(group, lambda text: pep508.requirement(text, folder), text)
            for text in texts
        ]
        if name is not None:
            found[name] = [one for one in wanted if one is not None]
    return found


def _together(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return each requirement once, sorted."""
    return tuple(sorted(dict.fromkeys(requirements), key=str))
