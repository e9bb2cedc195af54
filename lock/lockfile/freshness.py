"""Whether a lock file is the lock of its requirements; no index is needed to tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from lock.errors import UnsatisfiableError, UsageError
from lock.lockfile import reader
from lock.lockfile.canonical import dump
from lock.lockfile.formats import FORMAT
from lock.lockfile.sources import head
from lock.models.requirements import Requirements
from lock.models.target import Target

# The first key that the requirements alone don't decide; a lock of projects only has no closure.
END_OF_HEAD = re.compile(r"^(closure|packages):$", re.MULTILINE)

# Keys of `requested` whose values are hashes.
DIGESTS = ("digest", "lock")


def check_fresh(
    file: Path, requirements: Requirements, targets: Sequence[Target], origin: str
) -> None:
    """Raise UnsatisfiableError, which says why, where a lock isn't that of the requirements.

    `origin` is the file of the requirements. Newer versions on an index make no lock stale.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnsatisfiableError(
            f"{file}: there is no lock yet; run lock without --check"
        ) from None
    except UnicodeDecodeError:
        raise UnsatisfiableError(f"{file}: this is no lock; run lock without --check") from None
    expected = head(targets, requirements, file.parent)
    if END_OF_HEAD.split(text, 1)[0] == dump(expected):
        _check_whole(text, file)
        return
    lines = "".join(f"\n  {difference}" for difference in _differences(_head(text), expected))
    raise UnsatisfiableError(
        f"{file}: the lock is stale against {origin}; run lock without --check to renew it{lines}"
    )


def _check_whole(text: str, file: Path) -> None:
    """Raise UnsatisfiableError where packages of a lock lack their files, or its end is missing.

    So it does where the lock says what a package needs of the system that it doesn't have.
    """
    damaged = UnsatisfiableError(
        f"{file}: the lock is damaged; run lock without --check to write it again"
    )
    try:
        lock = reader.parse(text, file)
    except UsageError:
        raise damaged from None
    linked = {
        (link.package, link.version, system) for link in lock.links for system in link.systems
    }
    installed = {
        (one.name, one.version, system)
        for one in lock.packages
        if not one.origin
        for system in one.systems
    }
    locked = {(one.package, one.version) for one in (*lock.links, *lock.build_links)}
    if linked != installed or not locked.issuperset(lock.needs):
        raise damaged


def _head(text: str) -> Mapping[str, Any]:
    """Return the keys before `closure`; none of what isn't a lock of this format."""
    try:
        data = yaml.load(END_OF_HEAD.split(text, 1)[0], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return data if isinstance(data, dict) and data.get("wheelhouse") == FORMAT else {}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each key that differs between two heads."""
    if "requested" not in before:
        yield "the lock doesn't tell what it was made from"
        return
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in sorted({*old, *new}):
        if path[0] == "groups" or old.get(path) == new.get(path):
            continue
        name = ".".join(path)
        if path[-1] in DIGESTS and old.get(path) and new.get(path):
            yield f"{name}: what it was made from has changed"
            continue
        removed = [text for text in old.get(path, ()) if text not in new.get(path, ())]
        added = [text for text in new.get(path, ()) if text not in old.get(path, ())]
        yield f"{name}: " + "; ".join(
            [f"{text} is not asked for any more" for text in removed]
            + [f"{text} is new" for text in added]
        )


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each path of keys with the texts of its value."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    else:
        items = value if isinstance(value, list | tuple) else [value]
        yield (
            path,
            [
                " ".join(map(str, item.values())) if isinstance(item, Mapping) else str(item)
                for item in items
            ],
        )
