"""A lock in any style of YAML, or as Makes wrote it, becomes the data that Nix reads.

Run inside a derivation (derivation.py).
"""

import json
from pathlib import Path
from typing import Any

MAKES_KEYS = {"closure", "links", "python"}
# Either shows a lock of ours; its first line, the format's number, may have been removed.
OUR_KEYS = {"systems", "wheelhouse"}
# Of a package set that doesn't say its own: manylinux2014, which every wheel of that time fits.
OLDEST_FLOOR = "2.17"


def main(spec: dict[str, Any], out: Path) -> None:
    """Read `spec["file"]` and write JSON in the shape of docs/sources-yaml.md."""
    data = load(Path(spec["file"]).read_text(encoding="utf-8"), spec["origin"])
    read = typed(data) if OUR_KEYS & data.keys() else chosen(data, spec)
    out.write_text(json.dumps(read), encoding="utf-8")


def load(text: str, origin: str) -> dict[str, Any]:
    """The mapping in a YAML text (JSON is YAML), every scalar as the text that was written.

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


def typed(data: dict[str, Any]) -> dict[str, Any]:
    """A lock of ours, its numbers numbers again."""
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
    """The number that a text is, else the text: Nix says what is wrong with it."""
    return int(text) if text.isdecimal() else text


def chosen(data: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    """A lock of Makes, with one file chosen for each entry of its closure, for one system.

    Raises LockError for missing or unknown keys, and for a package without a fitting file.
    """
    from dataclasses import replace

    from packaging.utils import canonicalize_name, canonicalize_version

    from lock.errors import LockError
    from lock.models.packages import File
    from lock.models.target import SYSTEMS, Target
    from lock.selection.files import choose, owner

    origin, system, floor = spec["origin"], spec["system"], spec["floor"]
    check_shape(data, origin)
    closure, python = data["closure"], data["python"]
    if system not in SYSTEMS:
        raise LockError(f"{origin}: {system} is none of {', '.join(SYSTEMS)}")
    known = SYSTEMS[system]
    target = Target(replace(known, floor_version=floor.get(known.floor_kind, OLDEST_FLOOR)), python)
    files: dict[tuple[str, str] | None, dict[File, dict[str, Any]]] = {}
    for link in data["links"]:
        file = File(link["name"], link["url"], None, None)
        files.setdefault(owner(file), {})[file] = link
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
            f"{origin}: no link fits Python {python} on {system} for {', '.join(lacking)}; "
            "lock again"
        )
    return {
        "wheelhouse": 1,
        "python": python,
        "systems": {system: floor},
        "closure": closure,
        # Makes locked none: foreign_builds.py finds out, where there is something to build.
        "builds": None,
        "links": links,
    }


def check_shape(data: dict[str, Any], origin: str) -> None:
    """Raise LockError where a lock without `wheelhouse` isn't what Makes wrote."""
    from lock.errors import LockError

    problems = [f"the key {key!r} is unknown" for key in sorted(data.keys() - MAKES_KEYS)]
    problems += [f"the key {key!r} is missing" for key in sorted(MAKES_KEYS - data.keys())]
    shapes = {"closure": (dict, "a mapping"), "links": (list, "a list"), "python": (str, "a text")}
    problems += [
        f"{key} is not {what}"
        for key, (kind, what) in shapes.items()
        if key in data and not isinstance(data[key], kind)
    ]
    if not problems:
        problems += [
            f"the link {link!r} lacks name, sha256 or url"
            for link in data["links"]
            if not isinstance(link, dict) or not {"name", "sha256", "url"} <= link.keys()
        ]
    if problems:
        raise LockError(
            f"{origin}: {'; '.join(problems)}. "
            "A lock has closure, links and python; one of ours begins with `wheelhouse`"
        )
