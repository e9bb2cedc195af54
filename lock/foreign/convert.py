"""Converts a lock that Makes wrote, or one in another style of YAML, into the data that Nix reads.

Run inside a derivation (derivation.py).
"""

import json
from pathlib import Path
from typing import Any

from lock.models.makes_lock import WHEELHOUSE_KEYS, check_shape

# For a package set that doesn't tell its own: manylinux2014, which fits every wheel of Makes' time.
OLDEST_FLOOR = "2.17"


def main(spec: dict[str, Any], out: Path) -> None:
    """Convert `spec["file"]` and write JSON in the shape of docs/sources-yaml.md."""
    data = load(Path(spec["file"]).read_text(encoding="utf-8"), spec["origin"])
    is_ours = WHEELHOUSE_KEYS & data.keys()
    converted = with_numbers(data) if is_ours else with_chosen_links(data, spec)
    out.write_text(json.dumps(converted), encoding="utf-8")


def load(text: str, origin: str) -> dict[str, Any]:
    """Return the mapping in a YAML text (JSON is YAML), with every scalar as its text.

    Raises LockError where it is not YAML, or no mapping.
    """
    import yaml

    from lock.errors import LockError

    try:
        data = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    except yaml.YAMLError as error:
        raise LockError(f"{origin}: not readable as YAML: {error}") from error
    if not isinstance(data, dict):
        raise LockError(f"{origin}: a lock is a mapping with closure, links and python")
    return data


def with_numbers(data: dict[str, Any]) -> dict[str, Any]:
    """Return a lock of wheelhouse with its numbers as numbers."""
    links = data.get("links", [])
    return {
        **data,
        "wheelhouse": number(data.get("wheelhouse", "1")),
        "links": [
            {key: number(value) if key == "size" else value for key, value in link.items()}
            for link in links
            if isinstance(link, dict)
        ],
    }


def number(text: str) -> int | str:
    """Return the number that a text is, else the text: Nix then says what is wrong with it."""
    return int(text) if text.isdecimal() else text


def with_chosen_links(data: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """Return a lock of Makes with one link for each entry of its closure, for one system.

    Raises LockError for missing or unknown keys, and for a package without a fitting file.
    """
    from dataclasses import replace

    from packaging.utils import canonicalize_name, canonicalize_version

    from lock.errors import LockError
    from lock.models.filenames import name_and_version
    from lock.models.packages import File
    from lock.models.target import SYSTEMS, Target
    from lock.selection.files import choose

    origin, system_name, floor = spec["origin"], spec["system"], spec["floor"]
    check_shape(data, origin)
    closure, python = data["closure"], data["python"]
    if system_name not in SYSTEMS:
        raise LockError(f"{origin}: {system_name} is none of {', '.join(SYSTEMS)}")
    system = SYSTEMS[system_name]
    target = Target(
        replace(system, floor_version=floor.get(system.floor_kind, OLDEST_FLOOR)), python
    )
    files: dict[tuple[str, str] | None, dict[File, dict[str, Any]]] = {}
    for link in data["links"]:
        file = File(link["name"], link["url"], None, None)
        files.setdefault(name_and_version(file.name), {})[file] = link
    links = []
    lacking = []
    for name, version in sorted(closure.items()):
        normal = canonicalize_name(name)
        candidates = files.get((normal, canonicalize_version(version)), {})
        best = choose(list(candidates), target)
        if best is None:
            lacking.append(f"{name} {version}")
        else:
            links.append({**candidates[best], "package": normal, "version": version})
    if lacking:
        raise LockError(
            f"{origin}: no link fits Python {python} on {system_name} for {', '.join(lacking)}; "
            "lock again"
        )
    return {
        "wheelhouse": 1,
        "python": python,
        "systems": {system_name: floor},
        "closure": closure,
        # Makes locked none: lock.foreign.builds reads them, where there is something to build.
        "builds": None,
        "links": links,
    }
