"""Reads the table `tool.poetry` of a pyproject.toml, as Poetry documents it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from lock.inputs.checks import (
    check_address,
    check_extra,
    check_file_address,
    check_group,
    check_index_name,
    check_marker,
    check_path,
    parse_name,
)
from lock.inputs.specifier import SpecifierError, translate
from lock.inputs.toml_tables import Table
from lock.inputs.uv_settings import DEVELOPMENT, git
from lock.models.requirements import Index, Local, Reference, Requirement, Requirements, Url

PYTHON = "python"
# The name of the default index, which needs no URL.
USUAL = "pypi"
# The keys of a direct reference.
PLACES = ("url", "git", "path")


def read(table: Table, folder: Path) -> Requirements:
    """Return the requirements in Poetry's table; optional ones are in the groups of extras only.

    Errors are added to the table's problems.
    """
    dependencies = table.table("dependencies")
    everything = [*_dependencies(dependencies, folder)]
    optional = {requirement.name for requirement, is_optional in everything if is_optional}
    groups: dict[str, tuple[Requirement, ...]] = {}
    listed = table.table("group")
    for group in listed.data:
        name = listed.attempt(group, check_group, group)
        inner = listed.table(group)
        if name is not None:
            groups[name] = _plain(inner.table("dependencies"), folder)
        for included in inner.texts("include-groups"):
            problem = f"it includes the group `{included}`"
            listed.fail(group, problem, "list that group's packages here, or use PEP 735's groups")
    if table.has("dev-dependencies"):
        groups[DEVELOPMENT] = _plain(table.table("dev-dependencies"), folder)
    extras = table.table("extras")
    for extra in extras.data:
        name = extras.attempt(extra, check_group, extra)
        named = {canonicalize_name(wanted) for wanted in extras.texts(extra)}
        if name is not None:
            groups[name] = tuple(one for one, _ in everything if one.name in named)
    return Requirements(
        None,
        None,
        tuple(one for one, _ in everything if one.name not in optional),
        groups,
        tuple(_indexes(table)),
        requires_python=dependencies.checked(PYTHON, _range_of_python)
        if dependencies.has(PYTHON)
        else None,
    )


def _range_of_python(text: str) -> str | None:
    """Return a specifier of Python's version; None for alternatives, which PEP 440 lacks."""
    return None if "|" in text else translate(text)


def _plain(table: Table, folder: Path) -> tuple[Requirement, ...]:
    return tuple(requirement for requirement, _ in _dependencies(table, folder))


def _dependencies(table: Table, folder: Path) -> Iterator[tuple[Requirement, bool]]:
    """Yield each requirement, and whether it is optional."""
    for name, value in table.data.items():
        if canonicalize_name(name) == PYTHON:
            continue
        parsed = parse_name(name)
        if parsed is None or parsed.specifier or parsed.url or parsed.marker or parsed.extras:
            table.fail(name, "not a package's name", 'write `name = "specifier"`')
            continue
        for one in value if isinstance(value, list) else [value]:
            requirement = _dependency(table, name, one, folder)
            if requirement is not None:
                yield requirement, isinstance(one, dict) and one.get("optional") is True


def _dependency(table: Table, name: str, value: Any, folder: Path) -> Requirement | None:
    """Return the requirement in a value; None if it is wrong, which is added to the problems."""
    normal = canonicalize_name(name)
    if isinstance(value, str):
        specifier = table.attempt(name, translate, value)
        return None if specifier is None else Requirement(normal, (), specifier, None)
    if not isinstance(value, dict):
        table.fail(name, "this is neither a text nor a table", 'write one such as `"^1.2"`')
        return None
    inner = Table(value, table.where(name), table.problems)
    if inner.has("file"):
        inner.fail("file", "a file on this machine is named by `path`", "write `path`")
    reference = _reference(inner, folder)
    markers = [
        inner.checked("markers", check_marker),
        inner.checked("python", python_marker),
        inner.checked("platform", lambda text: check_marker(f"sys_platform == '{text}'")),
    ]
    return Requirement(
        normal,
        tuple(sorted(inner.checked_all("extras", check_extra))),
        (inner.checked("version", translate) or "") if reference is None else "",
        all_of([marker for marker in markers if marker]),
        index=inner.checked("source", check_index_name),
        reference=reference,
    )


def _reference(table: Table, folder: Path) -> Reference | None:
    given = [key for key in PLACES if table.has(key)]
    if len(given) > 1:
        names = " and ".join(f"`{key}`" for key in given)
        table.problems.add(None, table.key, f"{names} stand together", "keep one of them")
    elif given == ["url"]:
        url = table.checked("url", check_file_address)
        return None if url is None else Url(url)
    elif given == ["git"]:
        return git(table)
    elif given == ["path"]:
        return table.checked("path", lambda text: Local(check_path(folder, text), text))
    return None


def python_marker(text: str) -> str:
    """Return the marker for versions of Python in Poetry's form."""
    alternatives = []
    for part in text.replace("||", "|").split("|"):
        clauses = translate(part).split(",") if translate(part) else []
        alternatives.append(" and ".join(map(_python_clause, clauses)))
    if not all(alternatives):
        return ""
    return " or ".join(
        f"({clause})" if len(alternatives) > 1 else clause for clause in alternatives
    )


def _python_clause(clause: str) -> str:
    operator = clause.rstrip("0123456789.*!abrcpostdev+-")
    version = clause[len(operator) :]
    if not operator:
        raise SpecifierError(f'"{clause}" is no range of versions; write one such as "^3.11"')
    # `python_version` has only two components.
    precise = version.removesuffix(".*").count(".") > 1
    variable = "python_full_version" if precise else "python_version"
    return str(Marker(f"{variable} {operator} '{version}'"))


def all_of(markers: list[str]) -> str | None:
    """Return the marker that holds where all of the markers do; None for no markers."""
    if len(markers) < 2:
        return markers[0] if markers else None
    return str(Marker(" and ".join(f"({marker})" for marker in markers)))


def _indexes(table: Table) -> list[Index]:
    """Return the sources; a primary one replaces the default index unless that is named, too."""
    found, usual = [], False
    primary: list[Index] = []
    for one in table.tables("source"):
        name = one.checked("name", check_index_name)
        if name is not None and name.lower() == USUAL and not one.has("url"):
            usual = True
            continue
        if not one.has("url"):
            one.fail("url", "the source has no address", "add it")
        url = one.checked("url", check_address)
        if name is None or url is None:
            continue
        priority = (one.text("priority") or "primary").lower()
        index = Index(name, url, explicit=priority == "explicit")
        found.append(index)
        primary += [index] if priority in ("default", "primary") else []
    if usual or not primary:
        return found
    return [*filter(lambda index: index != primary[-1], found), replace(primary[-1], default=True)]
