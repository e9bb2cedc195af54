"""Whether a lock file is the lock of its requirements; no index is needed to tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lock.errors import UnsatisfiableError, UsageError
from lock.lockfile import document, reader
from lock.lockfile.canonical import dump
from lock.lockfile.formats import is_known
from lock.lockfile.sources import head
from lock.models.requirements import Requirements
from lock.models.target import Target

# The first key of format 1 that the requirements alone don't decide; a lock of projects only has
# no closure.
END_OF_HEAD = re.compile(r"^(closure|packages):$", re.MULTILINE)
# The keys that the requirements decide, but for the format's number: an older one is as good.
HEAD = frozenset(("python", "systems", "groups", "ruled-out", "conflicts", "requested", "projects"))

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
    expected = _head(document.load(dump(head(targets, requirements, file.parent))))
    data = _data(text)
    before = _head(_salvaged(text) if data is None else data)
    if before == expected:
        _check_whole(data, file)
        return
    lines = "".join(f"\n  {difference}" for difference in _differences(before, expected))
    raise UnsatisfiableError(
        f"{file}: the lock is stale against {origin}; run lock without --check to renew it{lines}"
    )


def _check_whole(data: Mapping[str, Any] | None, file: Path) -> None:
    """Raise UnsatisfiableError where packages of a lock lack their files, or it can't be read.

    So it does where the lock says what a package needs of the system that it doesn't have.
    """
    damaged = UnsatisfiableError(
        f"{file}: the lock is damaged; run lock without --check to write it again"
    )
    if data is None:
        raise damaged
    try:
        lock = reader.from_data(data, file)
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


def _data(text: str) -> Mapping[str, Any] | None:
    """Return the data of a lock; None where it can't be read."""
    try:
        data = document.load(text)
    except document.MalformedError:
        return None
    return data if isinstance(data, dict) else {}


def _salvaged(text: str) -> Mapping[str, Any]:
    """Return what can be read of a lock that is damaged."""
    if document.is_json(text):
        return document.salvaged(text)
    return _data(END_OF_HEAD.split(text, maxsplit=1)[0]) or {}


def _head(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the requirements decide; nothing of what isn't a lock of a known format."""
    if not is_known(data.get("wheelhouse")):
        return {}
    return {key: value for key, value in data.items() if key in HEAD}


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
