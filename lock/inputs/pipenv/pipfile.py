"""Reads a Pipfile (Pipenv's documentation, "Pipfile & Pipfile.lock").

Its categories become groups: `packages` the default one, `dev-packages` the group `dev`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.pipenv import pipenv_sources as pipenv
from lock.inputs.uv.uv_sources import git
from lock.inputs.values.checks import (
    check_extra,
    check_index_name,
    check_path,
    parse_name,
)
from lock.inputs.values.pep508 import file_url
from lock.inputs.values.specifier import translate
from lock.models.requirements import (
    DEFAULT_GROUP,
    Local,
    Reference,
    Requirement,
    Requirements,
    Settings,
)

# What edits such a file.
EDITED_BY = "with `pipenv install`"

# Tables that are no category of packages.
TABLES = ("source", "requires", "pipenv", "pipfile", "scripts")
PLACES = ("git", "path", "file", "url")
PACKAGE_KEYS = {
    *PLACES,
    *pipenv.VARIABLES,
    "editable",
    "extras",
    "index",
    "markers",
    "no_binary",
    "ref",
    "subdirectory",
    "version",
}
# Keys of the table `pipenv` that decide nothing of a lock.
BESIDE = {
    "disable_pip_input",
    "install_search_all_sources",
    "keep_outdated",
    "package_name_case",
    "prefetch_index_manifests",
    "pylock_name",
    "resolver",
    "resolver_backend",
    "resolver_timeout_seconds",
    "sort_pipfile",
    "use_default_constraints",
    "use_pylock",
}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a Pipfile.

    Raises UsageError with a line for each error: `FILE: key: what is wrong; what to do`.
    """
    problems = Problems(file)
    document = Table(load(text, problems), "", problems)
    folder = Path(file).parent
    sources = pipenv.sources(document.tables("source"))
    groups: dict[str, tuple[Requirement, ...]] = {}
    for category in document.data:
        if category in TABLES:
            continue
        group = document.attempt(category, pipenv.group_of, category)
        listed = (*_requirements(document.table(category), folder, sources),)
        if group is not None and listed:
            groups[group] = tuple(sorted(listed, key=str))
    packages = groups.pop(DEFAULT_GROUP, ())
    python = pipenv.python_of(document.table("requires"))
    settings, notes = _settings(document.table("pipenv"), file)
    if document.table("scripts").data:
        notes.append(f"{file}: scripts: they have no effect; only packages are locked")
    notes += [
        f"{file}: source: {name}: `verify_ssl` has no effect; name the certificate of its "
        "authority in SSL_CERT_FILE"
        for name in sources.unverified
    ]
    if not (packages or groups or problems.found):
        problems.add(None, "packages", "no package is asked for", 'write lines such as `a = "*"`')
    problems.raise_if_any()
    return Requirements(
        python,
        None,
        packages,
        groups,
        sources.indexes,
        settings=settings,
        notes=tuple(notes),
    )


def _settings(table: Table, file: str) -> tuple[Settings, list[str]]:
    """Return Pipenv's settings, as far as they decide versions, and what the user is told."""
    if table.has("install_search_all_sources") and table.truth("install_search_all_sources"):
        problem = "each package comes from the first source, or from the one that it names"
        table.fail("install_search_all_sources", problem, "name its `index` at each package")
    allows = table.has("allow_prereleases") and table.truth("allow_prereleases")
    unknown = sorted(table.data.keys() - BESIDE - {"allow_prereleases"})
    notes = [f"{file}: pipenv.{key}: it has no effect here" for key in unknown]
    return Settings(prerelease="allow" if allows else ""), notes


def _requirements(table: Table, folder: Path, sources: pipenv.Sources) -> Iterator[Requirement]:
    """Yield the requirements of a category; errors are added to the problems."""
    for key, value in table.data.items():
        named = parse_name(key)
        if named is None or named.specifier or named.url or named.marker:
            table.fail(key, "not a package's name", 'write `name = "specifier"`')
        elif isinstance(value, str):
            specifier = table.attempt(key, translate, value)
            if specifier is not None:
                yield Requirement(pipenv.normal(key), tuple(sorted(named.extras)), specifier, None)
        elif isinstance(value, dict):
            yield _requirement(table.table(key), key, folder, sources)
        else:
            table.fail(key, "this is neither a text nor a table", 'write one such as `"==1.2"`')


def _requirement(table: Table, key: str, folder: Path, sources: pipenv.Sources) -> Requirement:
    for unknown in sorted(table.data.keys() - PACKAGE_KEYS):
        table.fail(unknown, "unknown key", f"known are {', '.join(sorted(PACKAGE_KEYS))}")
    reference = _reference(table, folder)
    index = table.checked("index", check_index_name)
    if index is not None and index not in {one.name for one in sources.indexes}:
        table.fail("index", f"there is no source `{index}`", "add it as a `[[source]]`")
    specifier = table.checked("version", translate) or ""
    marker = table.attempt("markers", lambda _: pipenv.marker_of(_texts(table.data)) or "", "")
    extras = {*table.checked_all("extras", check_extra), *map(check_extra, _extras_of(key))}
    return Requirement(
        pipenv.normal(key),
        tuple(sorted(extras)),
        "" if reference else specifier,
        marker or None,
        prefer_sdist=table.has("no_binary") and table.truth("no_binary"),
        index=sources.index_of(index),
        reference=reference,
    )


def _texts(data: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in data.items() if isinstance(value, str)}


def _extras_of(key: str) -> set[str]:
    named = parse_name(key)
    return set() if named is None else named.extras


def _reference(table: Table, folder: Path) -> Reference | None:
    """Return the direct reference of a package; None for a package of an index."""
    given = [key for key in PLACES if table.has(key)]
    if len(given) > 1:
        names = " and ".join(f"`{key}`" for key in given)
        table.problems.add(None, table.key, f"{names} stand together", "keep one of them")
        return None
    if table.has("subdirectory"):
        remedy = "name a project at the top of its repository"
        table.fail("subdirectory", "a project in a subdirectory can't be locked", remedy)
    if given == ["git"]:
        renamed = {"rev" if key == "ref" else key: value for key, value in table.data.items()}
        renamed.pop("subdirectory", None)
        return git(Table(renamed, table.key, table.problems))
    for key in given:
        address = table.text(key) or ""
        if "://" in address:
            return table.attempt(key, file_url, address)
        return table.checked(key, lambda text: Local(check_path(folder, text), text))
    return None
