"""The section `licenses` of sources.yaml: what packages are licensed under."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from lock.lockfile import document
from lock.lockfile.canonical import Value
from lock.models.needs import Key


def render(licenses: Mapping[Key, str]) -> dict[str, Value]:
    """Return the section: by name, or by name and version where versions differ in it."""
    versions: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (name, version), text in sorted(licenses.items()):
        versions[name][version] = text
    section: dict[str, Value] = {}
    for name, texts in versions.items():
        if len({*texts.values()}) == 1:
            section[name] = next(iter(texts.values()))
        else:
            section |= {f"{name}=={version}": text for version, text in texts.items()}
    return section


def parse(section: Mapping[str, object]) -> dict[str, str]:
    """Return the section as it is. Raises TypeError where it is no mapping of texts."""
    if not isinstance(section, Mapping):
        raise TypeError("`licenses` is no mapping")
    for name, text in section.items():
        if not isinstance(text, str):
            raise TypeError(f"{name} in `licenses`: the licence is no text")
    return {str(name): str(text) for name, text in section.items()}


def of_version(section: Mapping[str, str], name: str, version: str) -> str | None:
    """Return what the section says of a version of a package; None where it says nothing."""
    return section.get(f"{name}=={version}", section.get(name))


def read(file: Path) -> dict[str, str]:
    """Return the section of an existing lock; nothing where that has none or can't be read."""
    try:
        return parse(document.section(file.read_text(encoding="utf-8"), "licenses") or {})
    except (OSError, UnicodeDecodeError, TypeError):
        return {}
