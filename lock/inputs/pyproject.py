"""Reads pyproject.toml: `project` (PEP 621), `dependency-groups` (PEP 735), uv's and Poetry's."""

from collections.abc import Sequence
from pathlib import Path

from packaging.dependency_groups import resolve_dependency_groups
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from lock.errors import UsageError
from lock.inputs import pep508, poetry, uv_settings
from lock.inputs.checks import check_group
from lock.inputs.problems import Problems
from lock.inputs.toml_tables import Table, load
from lock.models.requirements import Requirement, Requirements

Groups = dict[str, tuple[Requirement, ...]]


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a project; its extras and dependency groups become groups.

    Raises UsageError with a line for each error: `FILE: key: what is wrong; what to do`.
    """
    problems = Problems(file)
    document = Table(load(text, problems), "", problems)
    folder = Path(file).parent
    project = document.table("project")
    tool = document.table("tool")
    old = poetry.read(tool.table("poetry"), folder) if tool.table("poetry").data else None
    dynamic = project.texts("dynamic")
    packages = _requirements(project, "dependencies", folder)
    groups: Groups = {}
    if old and (not project.data or "dependencies" in dynamic):
        packages = [*old.packages]
    elif "dependencies" in dynamic:
        remedy = "list them in `project.dependencies`, or lock another file"
        project.fail("dynamic", "the dependencies are known only to the build backend", remedy)
    own = project.text("name")
    for group, listed in [
        *_extras(project, folder, own),
        *_groups(document, folder),
        *(old.groups.items() if old else ()),
    ]:
        groups[group] = _together([*groups.get(group, ()), *listed])
    found = Requirements(
        None,
        None,
        _together(packages),
        groups,
        old.indexes if old else (),
        requires_python=project.checked("requires-python", check_python_range)
        or (old.requires_python if old else None),
    )
    found = uv_settings.apply(tool.table("uv"), found, folder)
    _check_indexes(found, problems)
    if not (found.packages or found.groups or problems.found):
        remedy = "list them in `project.dependencies`"
        problems.add(None, None, "no package is asked for", remedy)
    problems.raise_if_any()
    return found


def _check_indexes(found: Requirements, problems: Problems) -> None:
    """Add an error for each requirement that names an unknown index."""
    known = {index.name for index in found.indexes}
    for wanted in {*found.packages, *(one for listed in found.groups.values() for one in listed)}:
        if wanted.index is not None and wanted.index not in known:
            remedy = "add it to the project's indexes"
            problems.add(None, wanted.name, f"there is no index `{wanted.index}`", remedy)


def check_python_range(text: str) -> str:
    """Check a specifier (PEP 440) of Python's version."""
    try:
        return str(SpecifierSet(text))
    except InvalidSpecifier:
        raise UsageError(f'"{text}" is no range of versions; write one such as ">=3.11"') from None


def _requirements(table: Table, key: str, folder: Path) -> list[Requirement]:
    return table.checked_all(key, lambda text: pep508.requirement(text, folder))


def _extras(project: Table, folder: Path, own: str | None) -> list[tuple[str, list[Requirement]]]:
    """Return the extras as groups; extras of the project itself are expanded."""
    optional = project.table("optional-dependencies")
    extras = {
        name: _requirements(optional, extra, folder)
        for extra in optional.data
        if (name := optional.attempt(extra, check_group, extra)) is not None
    }
    root = canonicalize_name(own) if own else None

    def expanded(extra: str, seen: frozenset[str]) -> list[Requirement]:
        found = []
        for wanted in extras.get(extra, ()):
            if wanted.name != root:
                found.append(wanted)
            for inner in wanted.extras if wanted.name == root else ():
                found += expanded(inner, seen | {inner}) if inner not in seen else []
        return found

    return [(extra, expanded(extra, frozenset({extra}))) for extra in extras]


def _groups(document: Table, folder: Path) -> list[tuple[str, list[Requirement]]]:
    table = document.table("dependency-groups")
    found = []
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
            found.append((name, [one for one in wanted if one is not None]))
    return found


def _together(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return each requirement once, sorted."""
    return tuple(sorted(dict.fromkeys(requirements), key=str))
