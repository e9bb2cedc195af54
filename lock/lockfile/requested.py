"""What a lock was made from, as it stands in the lock: by it a lock is seen to be stale."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from lock.errors import UnsatisfiableError, UsageError
from lock.io import credentials
from lock.lockfile.canonical import Value, dump
from lock.lockfile.sources import FORMAT, head
from lock.models.requirements import DEFAULT_GROUP, Index, Local, Requirement, Requirements, Url
from lock.models.target import Target
from lock.resolution import uv

# The first key that is not decided by the requirements alone.
END_OF_HEAD = "\nclosure:\n"


def groups(wanted: Requirements) -> dict[str, Sequence[Requirement]]:
    """The requirements by their groups, those without a group in the default one."""
    default = {DEFAULT_GROUP: wanted.packages} if wanted.packages else {}
    return {**default, **dict(sorted(wanted.groups.items()))}


def every_requirement(wanted: Requirements) -> list[Requirement]:
    """The requirements of all groups."""
    return [requirement for listed in groups(wanted).values() for requirement in listed]


def options(wanted: Requirements) -> uv.Options:
    """What holds for every run of uv. Raises UsageError for a time that is none."""
    packages = sorted(every_requirement(wanted), key=lambda package: package.name)
    return uv.Options(
        {package.name: package.build_requires for package in packages if package.build_requires},
        [*dict.fromkeys(package.name for package in packages if package.prefer_sdist)],
        wanted.indexes,
        moment(wanted.exclude_newer) if wanted.exclude_newer else None,
    )


def index_of(wanted: Requirements) -> dict[str, str]:
    """Package → the name of the only index that may have it."""
    return {
        package.name: package.index
        for package in sorted(every_requirement(wanted), key=lambda package: package.name)
        if package.index
    }


def moment(text: str) -> str:
    """A time (RFC 3339) as one in UTC; a date stands for its end there, whoever locks.

    Raises UsageError for what is neither.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            found = datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)
        else:
            found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        raise UsageError(
            f'"{text}" is no time; write a date such as 2026-01-31, or 2026-01-31T12:00:00Z'
        ) from None


def roots(wanted: Requirements) -> dict[str, Sequence[str]]:
    """What each group asks for: names with extras (PEP 508), sorted."""
    found: dict[str, Sequence[str]] = {}
    for group, listed in groups(wanted).items():
        extras: dict[str, set[str]] = {}
        for package in listed:
            extras.setdefault(package.name, set()).update(package.extras)
        found[group] = sorted(
            f"{name}[{','.join(sorted(asked))}]" if asked else name
            for name, asked in extras.items()
        )
    return found


def requested(wanted: Requirements) -> dict[str, Value]:
    """The key `requested` of the lock: all that the resolution depends on, normalised."""
    for_uv = options(wanted)
    found: dict[str, Value] = {
        "requirements": {
            group: sorted({_text(package) for package in listed})
            for group, listed in groups(wanted).items()
            if listed
        },
        "constraints": sorted(wanted.constraints),
        "overrides": sorted(wanted.overrides),
        "build-requires": {name: sorted(texts) for name, texts in for_uv.build_requires.items()},
        "prefer-sdist": sorted(for_uv.prefer_sdist),
        "indexes": [_index(index) for index in wanted.indexes],
        "index-of": index_of(wanted),
        "exclude-newer": for_uv.exclude_newer or "",
        "hashes": {name: [*hashes] for name, hashes in sorted(wanted.hashes.items())},
        "lock": wanted.locked.digest if wanted.locked else "",
    }
    return {key: value for key, value in found.items() if value}


def _text(package: Requirement) -> str:
    """A requirement, with a path as the user wrote it, whatever machine it is on."""
    place = package.reference
    shown = Url(place.written) if isinstance(place, Local) else place
    return str(replace(package, reference=shown))


def _index(index: Index) -> dict[str, Value]:
    """An index, without what nobody else may know."""
    use = "explicit" if index.explicit else "default" if index.default else ""
    named: dict[str, Value] = {"name": index.name, "url": credentials.without(index.url)}
    form: dict[str, Value] = {"format": "flat"} if index.flat else {}
    return named | ({"use": use} if use else {}) | form


def check_fresh(file: Path, wanted: Requirements, targets: Sequence[Target], origin: str) -> None:
    """Raises UnsatisfiableError, which says why, when a lock isn't that of these requirements.

    Newer versions on the index make no lock stale: the index isn't asked.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UnsatisfiableError(
            f"{file}: there is no lock yet; run lock without --check"
        ) from None
    except UnicodeDecodeError:
        raise UnsatisfiableError(f"{file}: this is no lock; run lock without --check") from None
    expected = head(targets, roots(wanted), requested(wanted))
    if text.startswith(dump(expected).rstrip("\n") + END_OF_HEAD):
        return
    changes = list(_changes(_head(text), expected))
    told = "".join(f"\n  {change}" for change in changes)
    raise UnsatisfiableError(
        f"{file}: the lock is stale against {origin}; run lock without --check to renew it{told}"
    )


def _head(text: str) -> Mapping[str, Any]:
    """What stands in a lock before its closure; nothing in what isn't a lock of this format."""
    try:
        data = yaml.load(text.partition(END_OF_HEAD)[0], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return data if isinstance(data, dict) and data.get("wheelhouse") == FORMAT else {}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two heads, a line each."""
    if "requested" not in before:
        yield "the lock doesn't tell what it was made from"
        return
    old, new = dict(_leaves(before)), dict(_leaves(after))
    for path in sorted({*old, *new}):
        if path[0] == "groups" or old.get(path) == new.get(path):
            continue
        name = ".".join(path)
        gone = [text for text in old.get(path, ()) if text not in new.get(path, ())]
        come = [text for text in new.get(path, ()) if text not in old.get(path, ())]
        yield f"{name}: " + "; ".join(
            [f"{text} is not asked for any more" for text in gone]
            + [f"{text} is new" for text in come]
        )


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
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
