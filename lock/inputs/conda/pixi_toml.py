"""Reads the packages of the package index in a pixi.toml; those of conda can't be locked.

Source: Pixi's documentation, "Manifest Reference".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from packaging.utils import canonicalize_name

from lock.inputs.conda import conda_packages as conda
from lock.inputs.documents.problems import Problems
from lock.inputs.documents.toml_tables import Table, load
from lock.inputs.uv.uv_sources import git
from lock.inputs.values.checks import (
    check_address,
    check_extra,
    check_group,
    check_marker,
    check_path,
    check_requirement,
    check_time,
    parse_name,
)
from lock.inputs.values.markers import all_of
from lock.inputs.values.partial_markers import FALSE
from lock.inputs.values.pep508 import file_url
from lock.inputs.values.specifier import translate
from lock.models.pythons import only_python
from lock.models.requirements import Index, Local, Reference, Requirement, Requirements

# What edits such a file.
EDITED_BY = "with `pixi add --pypi`"

PYPI = "pypi-dependencies"
CONDA_TABLES = ("dependencies", "host-dependencies", "build-dependencies")
# Tables without packages.
BESIDE = ("environments", "package", "project", "pypi-options", "tool", "workspace")
WITHOUT_EFFECT = ("activation", "system-requirements", "tasks")
KNOWN = (*BESIDE, *WITHOUT_EFFECT, *CONDA_TABLES, PYPI, "feature", "target")
PACKAGE_KEYS = {
    *("branch", "editable", "env-markers", "extras", "git", "index", "path", "rev"),
    *("subdirectory", "tag", "url", "version"),
}
OPTIONS = {"dependency-overrides", "extra-index-urls", "find-links", "index-url"}
# Names of groups of platforms → the value of `sys_platform`.
FAMILIES = {"linux": "linux", "osx": "darwin", "win": "win32"}


def parse(text: str, file: str) -> Requirements:
    """Return the requirements of a Pixi workspace; its features are groups.

    Raises UsageError with a line for each error, `FILE: key: what is wrong; what to do`: also for
    packages of conda.
    """
    problems = Problems(file)
    document = Table(load(text, problems), "", problems)
    for key in sorted(document.data.keys() - {*KNOWN}):
        document.fail(key, "unknown key", f"known are {', '.join(sorted(KNOWN))}")
    reader = _Reader(Path(file).parent, problems)
    packages = [*reader.requirements(document)]
    groups = {}
    features = document.table("feature")
    for name in features.data:
        group = features.attempt(name, check_group, name)
        feature = features.table(name)
        if feature.has("pypi-options"):
            feature.fail("pypi-options", "indexes of a feature aren't known here", "lock pixi.lock")
        listed = [*reader.requirements(feature)]
        if group is not None and listed:
            groups[group] = _together(listed)
    if reader.refused:
        problems.add(None, "dependencies", *conda.refusal(reader.refused))
    workspace = document.table("workspace" if document.has("workspace") else "project")
    platforms = workspace.texts("platforms")
    systems = workspace.attempt(
        "platforms", lambda listed: conda.systems_of(listed.split()), " ".join(platforms)
    )
    if not (packages or groups or problems.found):
        problem = "no package of the package index is asked for"
        problems.add(None, PYPI, problem, 'list them there, as in `a = "*"`')
    found = _with_options(
        Requirements(
            only_python(reader.python) if reader.python else None,
            systems or None,
            _together(packages),
            groups,
            exclude_newer=workspace.checked("exclude-newer", check_time),
            requires_python=reader.python or None,
            notes=tuple(
                f"{file}: {key}: it has no effect; only packages are locked"
                for key in WITHOUT_EFFECT
                if document.has(key)
            ),
        ),
        (workspace if workspace.has("pypi-options") else document).table("pypi-options"),
    )
    problems.raise_if_any()
    return found


def _with_options(found: Requirements, options: Table) -> Requirements:
    """Return requirements with the indexes and the overrides of a workspace."""
    for key in sorted(options.data.keys() - OPTIONS):
        options.fail(key, "it can't be honoured here", "leave it out, or lock the pixi.lock")
    url = options.checked("index-url", check_address)
    indexes = [Index(f"extra-{number}", address) for number, address in _extra(options)]
    for number, links in enumerate(options.tables("find-links"), 1):
        if links.has("path"):
            remedy = "name its address by `url`"
            links.fail("path", "it lies on this machine, where Nix finds no file", remedy)
        address = links.checked("url", check_address)
        if address is not None:
            indexes.append(Index(f"links-{number}", address, flat=True))
    if url is not None:
        indexes.append(Index("main", url, default=True))
    overrides = options.table("dependency-overrides")
    texts = (f"{name}{overrides.text(name) or ''}".removesuffix("*") for name in overrides.data)
    checked = [overrides.attempt("", check_requirement, text) for text in texts]
    return replace(
        found,
        indexes=tuple(indexes),
        overrides=tuple(sorted(text for text in checked if text is not None)),
    )


def _extra(options: Table) -> Iterator[tuple[int, str]]:
    yield from enumerate(options.checked_all("extra-index-urls", check_address), 1)


def _together(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """Return each requirement once, sorted."""
    return tuple(sorted(dict.fromkeys(requirements), key=str))


class _Reader:
    """Reads tables of packages; what is wrong is added to the problems."""

    def __init__(self, folder: Path, problems: Problems) -> None:
        self.folder = folder
        self.problems = problems
        # Names of conda's packages that can't be locked.
        self.refused: set[str] = set()
        # The range of Python (PEP 440), empty for any.
        self.python = ""

    def requirements(self, table: Table, marker: str | None = None) -> Iterator[Requirement]:
        """Yield the requirements of a workspace, a feature or a target, for all its platforms."""
        for key in CONDA_TABLES:
            self.conda(table.table(key))
        listed = table.table(PYPI)
        for name, value in listed.data.items():
            found = self.requirement(listed, name, value)
            if found is not None:
                yield replace(found, marker=all_of([found.marker, marker]))
        targets = table.table("target")
        for platform in targets.data:
            where = targets.attempt(platform, _platform_marker, platform)
            if where is not None:
                yield from self.requirements(targets.table(platform), where)

    def conda(self, table: Table) -> None:
        """Note the version of Python, and every other package of conda."""
        for name, value in table.data.items():
            if name not in conda.ALLOWED:
                self.refused.add(name)
            elif name == conda.PYTHON:
                version = value.get("version", "*") if isinstance(value, dict) else str(value)
                found = table.attempt(name, conda.python_range, version)
                # The default feature is read first, and decides.
                self.python = self.python or found or ""

    def requirement(self, table: Table, name: str, value: object) -> Requirement | None:
        """Return the requirement of an entry; None if it is wrong."""
        named = parse_name(name)
        if named is None or named.specifier or named.url or named.marker or named.extras:
            table.fail(name, "not a package's name", 'write `name = "specifier"`')
            return None
        normal = str(canonicalize_name(name))
        if isinstance(value, str):
            specifier = table.attempt(name, translate, value)
            return None if specifier is None else Requirement(normal, (), specifier, None)
        if not isinstance(value, Mapping):
            table.fail(name, "this is neither a text nor a table", 'write one such as `">=1.2"`')
            return None
        inner = table.table(name)
        for unknown in sorted(inner.data.keys() - PACKAGE_KEYS):
            inner.fail(unknown, "unknown key", f"known are {', '.join(sorted(PACKAGE_KEYS))}")
        if inner.has("index"):
            inner.fail("index", "an index of one package isn't known here", "use requirements.yaml")
        reference = self.reference(inner)
        specifier = inner.checked("version", translate) or ""
        return Requirement(
            normal,
            tuple(sorted(inner.checked_all("extras", check_extra))),
            "" if reference else specifier,
            inner.checked("env-markers", check_marker),
            reference=reference,
        )

    def reference(self, table: Table) -> Reference | None:
        """Return the direct reference of a package; None for a package of an index."""
        if table.has("git"):
            return git(table)
        if table.has("subdirectory"):
            remedy = "name a project at the top of its folder"
            table.fail("subdirectory", "a project in a subdirectory can't be locked", remedy)
        if table.has("url"):
            return table.checked("url", file_url)
        return table.checked("path", lambda text: Local(check_path(self.folder, text), text))


def _platform_marker(platform: str) -> str:
    """Return the marker of a target. Raises UsageError for an unknown one."""
    if platform == "unix":
        return "os_name == 'posix'"
    if platform in FAMILIES:
        return f"sys_platform == '{FAMILIES[platform]}'"
    if platform in conda.OTHER_PLATFORMS:
        return "sys_platform == 'win32'" if platform.startswith("win") else FALSE
    conda.systems_of([platform])
    return conda.marker_of([platform]) or ""
