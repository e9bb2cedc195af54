"""What an existing lock file says, as far as locking again keeps it: Python, systems, versions.

It may be a lock of wheelhouse in whatever format it was exported to, or one of Makes. A file that
can't be read says nothing: it is about to be replaced.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.errors import UsageError
from lock.lockfile import document
from lock.lockfile.formats import FORMAT, number_of
from lock.models.requirements import Git
from lock.models.target import SYSTEMS, check_floor
from lock.resolution.request import Preference, Preferences, of_commit

# Format 1 (docs/sources-yaml.md) is read by lines: a YAML parser takes a second.
SECTION = re.compile(r"^([a-z-]+):$", re.MULTILINE)
LINK = re.compile(
    r'^    package: "([^"]+)"\n    version: "([^"]+)"$'
    r'((?:\n    systems:$(?:\n      - "[^"]+"$)+)?)((?:\n    choices:$(?:\n      - "[^"]*"$)+)?)',
    re.MULTILINE,
)
GIT_LINK = re.compile(
    r'^    git: "([^"]+)"\n    rev: "([^"]+)"\n(?:    [a-z]+: .*\n)*?'
    r'    package: "([^"]+)"\n    version: "([^"]+)"$',
    re.MULTILINE,
)
QUOTED = re.compile(r'"([^"]*)"')
SYSTEMS_SECTION = re.compile(r"^systems:\n(?: .*\n)+", re.MULTILINE)
# Stands at the top level in format 1, and in files that Makes wrote.
PYTHON = re.compile(r"""^["']?python["']?:[ ]*(["']?)([\w.]+)\1[ ]*$""", re.MULTILINE)
ONLY_GROUPS = re.compile(r'^  only-groups:\n((?:    - "[^"]+"\n)+)', re.MULTILINE)
ONLY_PACKAGES = re.compile(r'^  only-packages:\n((?:    - "[^"]+"\n)+)', re.MULTILINE)
# Of requirements.txt.
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

# Name, version, and the systems and choices that have it where not all have.
_Version = tuple[str, str, Sequence[str], Sequence[str]]


def python(file: Path) -> str | None:
    """Return the version of Python of an existing lock, as it is written; None without one."""
    text = _text(file)
    if document.is_json(text):
        return _string(document.readable(text).get("python"))
    match = PYTHON.search(text)
    return match[2] if match else _python_of_any_yaml(text)


def has_only_dependencies(file: Path) -> bool:
    """Return whether a file is a lock of wheelhouse without any project."""
    text = _text(file)
    if document.is_json(text):
        return "projects" not in document.readable(text)
    return text.startswith("wheelhouse: ") and "\nprojects:\n" not in text


def older_format(file: Path) -> int:
    """Return the number of a lock's format where it is older than the one written here; else 0."""
    number = number_of(_text(file)) or FORMAT
    return number if number < FORMAT else 0


def differs_by_format(file: Path, text: str) -> bool:
    """Return whether the text of a lock has what an existing one has, but for the format."""
    try:
        old, new = document.load(_text(file)), document.load(text)
    except document.MalformedError:
        return False
    return isinstance(old, dict) and {**old, "wheelhouse": FORMAT} == new


def only_groups(file: Path) -> tuple[str, ...]:
    """Return the groups that a lock was restricted to; none where it has all."""
    return _restriction(_text(file), "only-groups", ONLY_GROUPS)


def only_members(file: Path) -> tuple[str, ...]:
    """Return the members of a workspace that a lock was restricted to; none where it has all."""
    return _restriction(_text(file), "only-packages", ONLY_PACKAGES)


def has_licenses(file: Path) -> bool:
    """Return whether a lock tells the licences of its packages."""
    text = _text(file)
    if document.is_json(text):
        return "licenses" in document.readable(text)
    return text.startswith("wheelhouse: ") and "\nlicenses:\n" in text


def systems(file: Path) -> dict[str, dict[str, str]]:
    """Return the systems of an existing lock, each with its oldest platform."""
    text = _text(file)
    listed = (
        document.readable(text).get("systems")
        if document.is_json(text)
        else _systems_of_lines(text)
    )
    if not isinstance(listed, dict):
        return {}
    return {
        system: floor
        for system, floor in listed.items()
        if system in SYSTEMS and isinstance(floor, dict) and _are_floors(floor)
    }


def preferences(file: Path, upgraded: Collection[str] = ()) -> Preferences:
    """Return the versions of an existing lock, without those of the packages to upgrade.

    `upgraded` are normalized project names.
    """
    text = _text(file)
    if document.is_json(text):
        versions = _versions_of_json(document.readable(text))
    elif text.startswith("wheelhouse: "):
        versions = _versions_of_lines(text)
    else:
        versions = _versions_of_export(text, file.suffix) or _versions_of_makes(text)
    return Preferences(*(_preferences(listed, upgraded) for listed in versions))


def commits(
    file: Path, references: Mapping[str, Git], upgraded: Collection[str] = ()
) -> list[Preference]:
    """Return the commits of an existing lock, of repositories that are asked for as they were.

    `references` are those of the requirements by project name.
    """
    text = _text(file)
    return [
        of_commit(name, version, references[name], commit)
        for url, commit, name, version in _repositories(text)
        if name not in upgraded
        and name in references
        and references[name].url == url
        and re.search(rf" @ {re.escape(str(references[name]))}[\" ]", text)
    ]


def _text(file: Path) -> str:
    # Reading a device or a pipe might never end.
    if not file.is_file():
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _loaded(text: str) -> Any:
    """Return the data of YAML, every scalar as its text; None of what isn't YAML."""
    # Imported here because a lock in JSON needs none of it.
    import yaml

    try:
        return yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _items(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _restriction(text: str, key: str, of_lines: re.Pattern[str]) -> tuple[str, ...]:
    """Return a list of `requested`; none where the lock isn't restricted so."""
    if document.is_json(text):
        requested = document.readable(text).get("requested")
        return _strings(requested.get(key)) if isinstance(requested, dict) else ()
    match = of_lines.search(text)
    return tuple(QUOTED.findall(match[1])) if match else ()


def _systems_of_lines(text: str) -> Any:
    section = SYSTEMS_SECTION.search(text)
    data = _loaded(section[0]) if section else None
    return data["systems"] if isinstance(data, dict) else None


def _repositories(text: str) -> list[tuple[str, str, str, str]]:
    """Return the address, commit, name and version of each repository that is locked."""
    if not document.is_json(text):
        return GIT_LINK.findall(text)
    keys = ("git", "rev", "package", "version")
    data = document.readable(text)
    links = [*_items(data.get("links")), *_items(data.get("build-links"))]
    found = [[_string(link.get(key)) or "" for key in keys] for link in links]
    return [(url, commit, name, version) for url, commit, name, version in found if url]


def _python_of_any_yaml(text: str) -> str | None:
    """Return the value of `python`, as it is written, in a lock of another style such as JSON."""
    data = _loaded(text)
    version = data.get("python") if isinstance(data, dict) else None
    return _string(version)


def _are_floors(floor: Mapping[str, str]) -> bool:
    try:
        return all(check_floor(kind, str(version)) == version for kind, version in floor.items())
    except (KeyError, TypeError, UsageError):
        return False


def _preferences(versions: Iterable[_Version], upgraded: Collection[str]) -> tuple[Preference, ...]:
    """Return each valid version once: uv ignores a lock with an invalid one.

    Where systems differ in a version, each preference holds on its own systems only.
    """
    markers: dict[str, dict[tuple[str, tuple[str, ...]], dict[str, None]]] = {}
    for name, version, systems, choices in versions:
        try:
            normal = canonicalize_name(name, validate=True)
            Version(version)
        except (InvalidName, InvalidVersion):
            continue
        if normal not in upgraded:
            of_systems = [SYSTEMS[system].marker for system in systems if system in SYSTEMS]
            of_version = markers.setdefault(normal, {}).setdefault((version, tuple(choices)), {})
            of_version.update(dict.fromkeys(of_systems))
    return tuple(
        Preference(
            name,
            version,
            markers=tuple(of_version) if len(of_name) > 1 else (),
            choices=choices if len(of_name) > 1 else (),
        )
        for name, of_name in markers.items()
        for (version, choices), of_version in of_name.items()
    )


def _versions_of_json(data: Mapping[str, Any]) -> tuple[list[_Version], list[_Version]]:
    """Return the versions that are installed, and those that only builds need."""
    return _versions_of_links(data.get("links")), _versions_of_links(data.get("build-links"))


def _versions_of_links(links: object) -> list[_Version]:
    return [
        (name, version, _strings(link.get("systems")), _strings(link.get("choices")))
        for link in _items(links)
        if (name := _string(link.get("package"))) and (version := _string(link.get("version")))
    ]


def _versions_of_lines(text: str) -> tuple[list[_Version], list[_Version]]:
    """Return the same of format 1."""
    starts = [*SECTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    sections = {match[1]: text[match.end() : end] for match, end in zip(starts, ends, strict=False)}
    return _linked_versions(sections.get("links", "")), _linked_versions(
        sections.get("build-links", "")
    )


def _linked_versions(section: str) -> list[_Version]:
    return [
        (name, version, QUOTED.findall(systems), QUOTED.findall(choices))
        for name, version, systems, choices in LINK.findall(section)
    ]


def _versions_of_export(text: str, suffix: str) -> tuple[list[_Version], list[_Version]] | None:
    """Return the same of a lock in another tool's format (lock.outputs); None for another file."""
    if suffix == ".txt":
        return [(name, version, (), ()) for name, version in PINNED.findall(text)], []
    try:
        if suffix == ".toml":
            import tomllib

            listed = tomllib.loads(text)["packages"]
        elif suffix == ".json":
            listed = json.loads(text)["components"]
        else:
            return None
        return [(item["name"], item["version"], (), ()) for item in listed if "version" in item], []
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None


def _versions_of_makes(text: str) -> tuple[list[_Version], list[_Version]]:
    """Return the same of a file of Makes, or of other YAML: `closure` maps names to versions."""
    data = _loaded(text)
    closure = data.get("closure") if isinstance(data, dict) else None
    pairs = closure.items() if isinstance(closure, dict) else ()
    return [(name, version, (), ()) for name, version in pairs if isinstance(version, str)], []
