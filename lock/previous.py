"""The versions in the lock that is there already, which a new one keeps where it can."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

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
    return Previous(*(_kept(pairs, upgraded) for pairs in found))


def _kept(pairs: Iterable[tuple[str, str]], upgraded: Collection[str]) -> tuple[Preference, ...]:
    """Each preference once, without what no package has: uv takes such a lock for a broken one."""
    kept: dict[Preference, None] = {}
    for name, version in pairs:
        try:
            found = Preference(canonicalize_name(name, validate=True), version)
            Version(version)
        except (InvalidName, InvalidVersion):
            continue
        if found.name not in upgraded:
            kept[found] = None
    return tuple(kept)


def _canonical(text: str) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Names and versions of what is installed, and of what only builds need."""
    starts = [*SECTION.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    sections = {match[1]: text[match.end() : end] for match, end in zip(starts, ends, strict=False)}
    return FILE.findall(sections.get("links", "")), FILE.findall(sections.get("build-links", ""))


def _foreign(text: str) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """The same of a file of Makes, or of other YAML: the key `closure` maps names to versions."""
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError):
        return (), ()
    closure = data.get("closure") if isinstance(data, dict) else None
    pairs = closure.items() if isinstance(closure, dict) else ()
    return [(name, version) for name, version in pairs if isinstance(version, str)], ()
