"""The versions in the lock that is there already, which a new one keeps where it can."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from lock.models.target import SYSTEMS
from lock.resolution.uv import Preference

# Of the canonical style (docs/sources-yaml.md), which is read by lines: YAML takes a second.
SECTION = re.compile(r"^([a-z-]+):$", re.MULTILINE)
FILE = re.compile(
    r'^    package: "([^"]+)"\n    version: "([^"]+)"$'
    r'((?:\n    systems:$(?:\n      - "[^"]+"$)+)?)',
    re.MULTILINE,
)
SYSTEM = re.compile(r'"([^"]+)"')
# Of requirements.txt.
PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

# Name, version, and the systems that have it where not all have.
_Choice = tuple[str, str, Sequence[str]]


@dataclass(frozen=True)
class Previous:
    """What an earlier lock chose: for the environment, and for builds."""

    environment: tuple[Preference, ...] = ()
    builds: tuple[Preference, ...] = ()


def read(file: Path, upgraded: Collection[str] = ()) -> Previous:
    """What the lock in a file chose, but for the packages named in `upgraded` (normalised).

    A file that is none, or can't be read, chose nothing: it is about to be replaced.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return Previous()
    if text.startswith("wheelhouse: "):
        found = _canonical(text)
    else:
        found = _exported(text, file.suffix) or _foreign(text)
    return Previous(*(_kept(choices, upgraded) for choices in found))


def _kept(found: Iterable[_Choice], upgraded: Collection[str]) -> tuple[Preference, ...]:
    """Each preference once, without what no package has: uv takes such a lock for a broken one.

    Where systems differ in a version, a preference holds on its own systems only.
    """
    versions: dict[str, dict[str, dict[str, None]]] = {}
    for name, version, systems in found:
        try:
            normal = canonicalize_name(name, validate=True)
            Version(version)
        except (InvalidName, InvalidVersion):
            continue
        if normal not in upgraded:
            markers = [SYSTEMS[system].marker for system in systems if system in SYSTEMS]
            versions.setdefault(normal, {}).setdefault(version, {}).update(dict.fromkeys(markers))
    return tuple(
        Preference(name, version, markers=tuple(markers) if len(chosen) > 1 else ())
        for name, chosen in versions.items()
        for version, markers in chosen.items()
    )


def _canonical(text: str) -> tuple[list[_Choice], list[_Choice]]:
    """What is installed, and what only builds need."""
    starts = [*SECTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    sections = {match[1]: text[match.end() : end] for match, end in zip(starts, ends, strict=False)}
    return _files(sections.get("links", "")), _files(sections.get("build-links", ""))


def _files(section: str) -> list[_Choice]:
    return [
        (name, version, SYSTEM.findall(systems)) for name, version, systems in FILE.findall(section)
    ]


def _exported(text: str, suffix: str) -> tuple[list[_Choice], list[_Choice]] | None:
    """The same of a lock in another tool's format (lock.outputs); None for what is none."""
    if suffix == ".txt":
        return [(name, version, ()) for name, version in PINNED.findall(text)], []
    try:
        if suffix == ".toml":
            import tomllib

            listed = tomllib.loads(text)["packages"]
        elif suffix == ".json":
            listed = json.loads(text)["components"]
        else:
            return None
        return [(item["name"], item["version"], ()) for item in listed if "version" in item], []
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None


def _foreign(text: str) -> tuple[list[_Choice], list[_Choice]]:
    """The same of a file of Makes, or of other YAML: the key `closure` maps names to versions."""
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return [], []
    closure = data.get("closure") if isinstance(data, dict) else None
    pairs = closure.items() if isinstance(closure, dict) else ()
    return [(name, version, ()) for name, version in pairs if isinstance(version, str)], []
