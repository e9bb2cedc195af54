"""Reads the table `tool.pdm` of a pyproject.toml (PDM's documentation, "Pyproject.toml")."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from lock.errors import UsageError
from lock.inputs.documents import tool_keys
from lock.inputs.documents.toml_tables import Table
from lock.inputs.documents.tool_keys import BESIDE, HONOURED, Key, Use
from lock.inputs.poetry.poetry_sources import USUAL, in_order
from lock.inputs.project import projects
from lock.inputs.values import pep508
from lock.inputs.values.checks import (
    check_address,
    check_extra,
    check_group,
    check_index_name,
    check_requirement,
    check_time,
)
from lock.models.requirements import ALL, Index, Local, Requirement, Requirements

CREDENTIALS = "credentials come from the netrc file, a keyring or uv's variables"
AUTHORITIES = "set SSL_CERT_FILE to the certificates of authorities"
KEYS = {
    "source.name": Key(Use.HONOURED, f"`{USUAL}` replaces the default index"),
    "source.url": Key(Use.HONOURED, "`${PROJECT_ROOT}` is the project's folder"),
    "source.type": Key(Use.HONOURED, "`find_links` is a page of links"),
    "source.include_packages": Key(
        Use.HONOURED, "of packages that are required directly; patterns are refused"
    ),
    "source.exclude_packages": Key(
        Use.REFUSED,
        "a source can't leave out packages here; name those of the other sources in their "
        "`include_packages`",
    ),
    "source.verify_ssl": Key(Use.WITHOUT_EFFECT, f"certificates are checked; {AUTHORITIES}"),
    "source.username": Key(Use.WITHOUT_EFFECT, CREDENTIALS),
    "source.password": Key(Use.WITHOUT_EFFECT, CREDENTIALS),
    "source.ca_certs": Key(Use.WITHOUT_EFFECT, AUTHORITIES),
    "source.client_cert": Key(Use.WITHOUT_EFFECT, CREDENTIALS),
    "source.client_key": Key(Use.WITHOUT_EFFECT, CREDENTIALS),
    "dev-dependencies": Key(Use.HONOURED, "as groups"),
    "resolution.overrides": HONOURED,
    "resolution.excludes": HONOURED,
    "resolution.allow-prereleases": HONOURED,
    "resolution.exclude-newer": HONOURED,
    "resolution.exclude-newer-override": HONOURED,
    "resolution.no-binary": HONOURED,
    "resolution.only-binary": HONOURED,
    "resolution.prefer-binary": Key(Use.BESIDE, "a wheel is taken wherever one fits"),
    "resolution.respect-source-order": Key(
        Use.HONOURED, "otherwise the default index is asked last"
    ),
    "resolution.lock_inputs": BESIDE,
    "distribution": Key(Use.HONOURED, "without a distribution there is nothing to build"),
    "package-type": Key(Use.HONOURED, "`application` is `distribution = false`"),
    "workspace": Key(
        Use.REFUSED,
        "PDM's workspaces can't be locked; require the members by their folders, as in "
        "`lib @ file:///${PROJECT_ROOT}/lib`",
    ),
    "options": Key(Use.WITHOUT_EFFECT, "they are options of PDM's commands"),
    "allow_prereleases": Key(
        Use.WITHOUT_EFFECT, "PDM ignores it, too; write `resolution.allow-prereleases`"
    ),
    "overrides": Key(Use.WITHOUT_EFFECT, "PDM ignores it, too; write `resolution.overrides`"),
    "build": BESIDE,
    "ignore_package_warnings": BESIDE,
    "lock": BESIDE,
    "plugins": BESIDE,
    "publish": BESIDE,
    "scripts": BESIDE,
    "version": BESIDE,
}
# Keys of pdm.toml that decide about files; the others are about the machine.
IN_FILE = {
    "pypi": "write `[[tool.pdm.source]]`",
    "strategy.exclude-newer": "write `exclude-newer` in `[tool.pdm.resolution]`",
}
DATE = re.compile(r"\d{4}-\d\d-\d\d")
# It has no zone.
BARE_TIME = re.compile(r"[\d-]+T[\d:.]+", re.IGNORECASE)
EDITABLE = re.compile(r"(-e|--editable)[ =]\s*")
# A reference without a name before it, which its fragment or its project has.
BARE = re.compile(r"([\w+]+://|file:|git\+|\.|/)")
EGG = re.compile(r"(?:^|&)egg=([\w.-]+)(?:\[([^]]*)\])?")
NAMED = re.compile(r"(?P<path>[^#[\s]+)(?:\[(?P<extras>[^]]*)\])?(?:#(?P<fragment>\S*))?")


@dataclass(frozen=True)
class Pdm:
    """The content of PDM's table."""

    table: Table
    groups: Mapping[str, Sequence[Requirement]]
    indexes: Sequence[Index]
    # Project name → the name of the only index that may have it.
    index_of: Mapping[str, str]
    notes: Sequence[str]

    def apply(self, found: Requirements) -> Requirements:
        """Return requirements with what PDM's table says of the resolution, and its notes.

        Errors are added to the table's problems.
        """
        table = self.table.table("resolution")
        overrides = _overrides(table.table("overrides"))
        settings = found.settings
        allowed = table.truth("allow-prereleases") if table.has("allow-prereleases") else None
        mode = {None: settings.prerelease, True: "allow", False: "disallow"}[allowed]
        return replace(
            found,
            indexes=(*self.indexes, *found.indexes),
            overrides=tuple(sorted({*found.overrides, *overrides})),
            exclude_newer=found.exclude_newer or table.checked("exclude-newer", _time),
            settings=replace(
                settings,
                prerelease=mode,
                excluded=_joined(settings.excluded, map(_name, table.texts("excludes"))),
                exclude_newer_of={**_times(table), **settings.exclude_newer_of},
                no_binary=_joined(settings.no_binary, _names(table, "no-binary")),
                no_build=_joined(settings.no_build, _names(table, "only-binary")),
            ),
            notes=(*found.notes, *self.notes),
        )

    def with_index(self, wanted: Requirement) -> Requirement:
        """Return a requirement with the only index that may have it."""
        index = None if wanted.reference else self.index_of.get(wanted.name)
        return replace(wanted, index=index or wanted.index)

    def check_included(self, required: Iterable[Requirement]) -> None:
        """Add an error for each package that a source includes and that nothing requires."""
        names = {one.name for one in required}
        for name, index in self.index_of.items():
            if name not in names:
                self.table.fail(
                    "source.include_packages",
                    f"`{name}` isn't required directly, so that `{index}` can't be the only source "
                    "that may have it",
                    "require it, or leave it out",
                )


def read(table: Table, folder: Path, *, is_locked: bool = False) -> Pdm:
    """Return the content of PDM's table. Errors are added to its problems.

    What can't be resolved here is no error where a pdm.lock has resolved it (`is_locked`).
    """
    development = table.table("dev-dependencies")
    groups = {
        name: development.checked_all(group, lambda text: line(text, folder))
        for group in development.data
        if (name := development.attempt(group, check_group, group)) is not None
    }
    entries = table.tables("source")
    indexes, index_of = _sources(entries, folder)
    respecting = table.table("resolution").truth("respect-source-order")
    usual = [Index(USUAL, "")]
    if not entries or any(index.name.lower() == USUAL for index in indexes):
        usual = []
    ordered = [*usual, *indexes] if respecting else [*indexes, *usual]
    notes = [] if is_locked else tool_keys.check(table, KEYS, table.problems.file)
    notes += tool_keys.beside(folder / "pdm.toml", IN_FILE)
    asked = [index for index in ordered if not index.unnamed]
    if len(asked) > 1 and not respecting:
        names = " and ".join(f"`{index.name}`" for index in asked)
        notes.append(
            f"{table.problems.file}: {table.where('source')}: PDM takes the best version that "
            f"{names} have; here the first of them that has the package is asked alone, in this "
            "order"
        )
    return Pdm(table, groups, in_order(ordered) if entries else [], index_of, notes)


def is_distribution(table: Table) -> bool:
    """Return whether a wheel is to be built of the project, as far as PDM says."""
    if table.has("package-type"):
        return table.text("package-type") == "library"
    return not table.has("distribution") or table.truth("distribution")


def line(text: str, folder: Path) -> Requirement:
    """Return the requirement in a line of `dev-dependencies`, which may begin with `-e`.

    Raises UsageError and SpecifierError.
    """
    wanted = EDITABLE.sub("", text.strip(), count=1)
    if not BARE.match(wanted):
        return pep508.requirement(wanted, folder)
    bare, _, marker = wanted.partition(" ;")
    match = NAMED.fullmatch(bare.strip())
    if match is None:
        raise UsageError(f'"{text}" is no requirement; write one such as "numpy>=1.20,<2"')
    egg = EGG.search(match["fragment"] or "")
    address = match["path"]
    if not re.match(r"[\w+]+:", address):
        address = (folder.absolute() / address).as_uri()
    fragment = "#" + match["fragment"] if match["fragment"] else ""
    reference = pep508.reference(address + fragment, folder)
    name = egg[1] if egg else _name_of(reference, text)
    extras = (egg[2] if egg else None) or match["extras"] or ""
    listed = sorted({check_extra(extra.strip()) for extra in extras.split(",") if extra.strip()})
    # The marker alone is checked, as that of any requirement.
    parsed = pep508.requirement(f"{name}{f' ;{marker}' if marker else ''}", folder)
    return replace(parsed, extras=tuple(listed), reference=reference)


def _name_of(reference: object, text: str) -> str:
    """Return the name of what a reference leads to."""
    if isinstance(reference, Local) and reference.is_project:
        return projects.read(Path(reference.path)).name
    file = str(reference).rpartition("/")[2]
    try:
        return str(parse_wheel_filename(file)[0])
    except InvalidWheelFilename:
        raise UsageError(
            f'"{text}" doesn\'t tell which package it is; write `name @ ` before the address'
        ) from None


def _sources(tables: Sequence[Table], folder: Path) -> tuple[list[Index], dict[str, str]]:
    """Return the sources in their order, and by project name the only one that may have it."""
    found: list[Index] = []
    index_of: dict[str, str] = {}
    for one in tables:
        name = one.checked("name", check_index_name)
        if name is None:
            if not one.has("name"):
                one.fail("name", "the source has no name", "add it")
            continue
        url = one.checked("url", lambda text: check_address(_expanded(text, folder))) or ""
        if not one.has("url") and name.lower() != USUAL:
            one.fail("url", "the source has no address", "add it")
            continue
        kind = one.text("type") or "index"
        if kind not in ("index", "find_links"):
            one.fail("type", f"`{kind}` is no type of a source", "write `index` or `find_links`")
        included = one.texts("include_packages")
        flat = kind == "find_links"
        # A page of links is looked at with every index, unless it is the only one of a package.
        text = one.text("url") or ""
        written = text if url != text else ""
        unnamed = flat and not included
        found.append(Index(name, url, flat=flat, unnamed=unnamed, written=written))
        for package in included:
            if re.search(r"[*?\[]", package):
                remedy = "list the packages by their names"
                one.fail("include_packages", f"`{package}` is a pattern", remedy)
            else:
                index_of.setdefault(_name(package), name)
    return found, index_of


def _expanded(url: str, folder: Path) -> str:
    return url.replace("file:///${PROJECT_ROOT}", folder.absolute().as_uri())


def _overrides(table: Table) -> list[str]:
    """Return the overrides as requirements: a version stands for itself, a range for a range."""
    found = []
    for name in table.data:
        version = table.text(name)
        if version is None:
            continue
        if "://" in version:
            remedy = "write a version, or require the package by the address"
            table.fail(name, "an override by its address can't be locked", remedy)
            continue
        # A bare version stands for that version, as in Poetry's form.
        requirement = table.attempt(name, check_requirement, f"{name} {version}")
        found += [requirement] if requirement else []
    return found


def _times(table: Table) -> dict[str, str]:
    listed = table.table("exclude-newer-override")
    found = {}
    for name, value in listed.data.items():
        time = "false" if value is False else listed.checked(name, _time)
        if time is not None:
            found[_name(name)] = time
    return found


def _time(text: str) -> str:
    """Return a time of PDM's, for which a date stands for its beginning, and UTC for no zone."""
    if DATE.fullmatch(text):
        return check_time(f"{text}T00:00:00Z")
    return check_time(f"{text}Z" if BARE_TIME.fullmatch(text) else text)


def _names(table: Table, key: str) -> list[str]:
    """Return the names of a key, which are a list or a text with commas."""
    value = table.data.get(key)
    texts = value.split(",") if isinstance(value, str) else table.texts(key)
    return [text if text == ALL else _name(text) for text in map(str.strip, texts) if text]


def _name(text: str) -> str:
    return canonicalize_name(text.strip())


def _joined(first: Iterable[str], second: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*first, *second}))
