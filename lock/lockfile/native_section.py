"""The section `native` of sources.yaml: what packages need of the system (docs/sources-yaml.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from lock.lockfile import document
from lock.lockfile.canonical import Value
from lock.models.needs import Key, SystemNeeds

# Attribute of SystemNeeds → its key in the file.
KEYS = {field.name: field.name.replace("_", "-") for field in fields(SystemNeeds)}


def render(needs: Mapping[Key, SystemNeeds]) -> list[Value]:
    """Return the items of the section: those of packages that need something, sorted."""
    return [
        {"package": name, "version": version, **lists(one)}
        for (name, version), one in sorted(needs.items())
        if one
    ]


def parse(items: Iterable[Mapping[str, Any]]) -> dict[Key, SystemNeeds]:
    """Return what the items of the section say. Raises KeyError or TypeError for other data."""
    return {
        (item["package"], item["version"]): SystemNeeds(
            **{name: _strings(item.get(key, [])) for name, key in KEYS.items()}
        )
        for item in items
    }


def lists(needs: SystemNeeds) -> dict[str, list[str]]:
    """Return what a package needs by the keys of the section, those that have something."""
    return {key: [*getattr(needs, name)] for name, key in KEYS.items() if getattr(needs, name)}


def read(file: Path) -> dict[Key, SystemNeeds]:
    """Return what an existing lock says; nothing where that can't be read."""
    try:
        return parse(document.section(file.read_text(encoding="utf-8"), "native") or ())
    except (OSError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return {}


def _strings(listed: object) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise TypeError
    return tuple(map(str, listed))
