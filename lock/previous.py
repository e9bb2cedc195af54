"""The versions in the lock that is there already, which a new one keeps where it can."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.utils import canonicalize_name

from lock.uv import Preference

# Of the canonical style (docs/sources-yaml.md), which is read by lines: YAML takes a second.
SECTION = re.compile(r"^([a-z-]+):$", re.MULTILINE)
FILE = re.compile(r'^    package: "([^"]+)"\n    version: "([^"]+)"$', re.MULTILINE)


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
    found = _canonical(text) if text.startswith("wheelhouse: ") else _foreign(text)
    return Previous(*(_without(chosen, upgraded) for chosen in (found.environment, found.builds)))


def _without(chosen: tuple[Preference, ...], names: Collection[str]) -> tuple[Preference, ...]:
    return tuple(preference for preference in chosen if preference.name not in names)


def _canonical(text: str) -> Previous:
    sections: dict[str, str] = {}
    starts = [*SECTION.finditer(text)]
    ends = [match.start() for match in starts[1:]] + [len(text)]
    for match, end in zip(starts, ends, strict=True):
        sections[match[1]] = text[match.end() : end]
    environment, builds = (
        tuple(dict.fromkeys(Preference(*found) for found in FILE.findall(sections.get(name, ""))))
        for name in ("links", "build-links")
    )
    return Previous(environment, builds)


def _foreign(text: str) -> Previous:
    """That of Makes, or of other YAML: the key `closure` maps names to versions."""
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return Previous()
    closure = data.get("closure") if isinstance(data, dict) else None
    return Previous(tuple(_pairs(closure))) if isinstance(closure, dict) else Previous()


def _pairs(closure: dict[object, object]) -> Iterator[Preference]:
    for name, version in closure.items():
        if isinstance(name, str) and isinstance(version, str):
            yield Preference(canonicalize_name(name), version)
