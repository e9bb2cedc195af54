"""Merges the requirements of several files that are locked together."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from lock.errors import UsageError
from lock.models.requirements import Index, Project, Requirement, Requirements

# Stands between the names of the files in messages.
AND = " and "
# Names that readers give to indexes without one.
MADE_NAME = re.compile(r"(extra|index|links)-\d+")


@dataclass(frozen=True)
class _Value:
    """A value, and the file that it stands in."""

    file: Path
    value: Any


def names(files: Iterable[Path]) -> str:
    """Return how messages name some files."""
    return AND.join(map(str, files))


def merge(
    files: Sequence[Path], found: Sequence[Requirements], *, with_python: bool = True
) -> Requirements:
    """Return the requirements of all files together.

    Lists are joined; a value that isn't a list must be the same wherever it stands. Without
    `with_python`, the version of Python is left open.

    Raises UsageError, which names both files, where they contradict each other.
    """
    if len(files) == 1:
        return found[0]
    pairs = [*zip(files, found, strict=True)]
    for file, one in pairs:
        if one.locked:
            others = names(other for other in files if other != file)
            raise UsageError(
                f"{names(files)}: {file} is a lock with versions of its own, which {others} can't "
                "join; lock it alone, or name what it was made from"
            )
    if not with_python:
        pairs = [(file, replace(one, python=None)) for file, one in pairs]
    alone = {
        "systems": _only("systems", [_Value(file, one.systems) for file, one in pairs]),
        "requires_python": _joined_ranges(one.requires_python for _, one in pairs),
        "indexes": _indexes(pairs),
        "projects": _projects(pairs),
    }
    merged = {
        field.name: _merged(
            _key(field.name), [_Value(file, getattr(one, field.name)) for file, one in pairs]
        )
        for field in fields(Requirements)
        if field.name not in alone
    }
    return Requirements(**alone, **merged)


def _merged(key: str, values: Sequence[_Value]) -> Any:
    """Return values of one key as one: lists and mappings are joined, others must be the same."""
    given = [one for one in values if one.value]
    if not given:
        return values[0].value
    first = given[0].value
    if isinstance(first, tuple):
        joined = dict.fromkeys(item for one in given for item in one.value)
        is_sorted = all(isinstance(item, str | Requirement) for item in joined)
        return tuple(sorted(joined, key=str) if is_sorted else joined)
    if isinstance(first, Mapping):
        inner = dict.fromkeys(name for one in given for name in one.value)
        return {
            name: _merged(
                # Each of these stands by itself in requirements.yaml.
                name if key == "floors" else f"{key}: {name}",
                [_Value(one.file, one.value[name]) for one in given if name in one.value],
            )
            for name in inner
        }
    if is_dataclass(first) and not isinstance(first, type):
        return type(first)(
            **{
                field.name: _merged(
                    _key(field.name),
                    [_Value(one.file, getattr(one.value, field.name)) for one in given],
                )
                for field in fields(first)
            }
        )
    return _only(key, given)


def _only(key: str, values: Sequence[_Value]) -> Any:
    """Return the only value of a key. Raises UsageError where two files differ in it."""
    given = [one for one in values if one.value]
    for one, other in combinations(given, 2):
        if one.value != other.value:
            raise _contradiction(one.file, other.file, key, f"{_text(one)}, {_text(other)}")
    return given[0].value if given else values[0].value


def _contradiction(one: Path, other: Path, key: str, values: str) -> UsageError:
    return UsageError(
        f"{names([one, other])}: {key}: they contradict each other ({values}); write the same "
        "into both, or lock each by itself"
    )


def _text(one: _Value) -> str:
    return " ".join(one.value) if isinstance(one.value, tuple) else str(one.value)


def _key(field: str) -> str:
    """Return the key of requirements.yaml that a field of the model is read from."""
    return "replace" if field == "replaced" else field.replace("_", "-")


def _joined_ranges(ranges: Iterable[str | None]) -> str | None:
    """Return the range (PEP 440) that all ranges have in common; None without any."""
    given = dict.fromkeys(one for one in ranges if one)
    return ",".join(given) or None


def _indexes(pairs: Sequence[tuple[Path, Requirements]]) -> tuple[Index, ...]:
    """Return the indexes of all files, each once, the default one last.

    Raises UsageError where two files name different indexes alike, or have different default ones.
    """
    merged: dict[str, tuple[Path, Index]] = {}
    default: tuple[Path, Index] | None = None
    for file, found in pairs:
        named = {one.index for one in found.every_requirement()}
        for index in found.indexes:
            of_same_url = any(index.url == other.url for _, other in merged.values())
            if index.name not in named and of_same_url:
                continue
            if index.default:
                if default and default[1].url != index.url:
                    values = f"{default[1].name}, {index.name}"
                    raise _contradiction(default[0], file, "default index", values)
                index = replace(index, default=default is None)
                default = default or (file, index)
            if index.name in merged and merged[index.name][1].url != index.url:
                if index.name in named or not MADE_NAME.fullmatch(index.name):
                    problem = "two addresses have that name"
                    other = merged[index.name][0]
                    raise _contradiction(other, file, f"index {index.name}", problem)
                index = replace(index, name=_free_name(index.name, merged))
            merged.setdefault(index.name, (file, index))
    return tuple(sorted((index for _, index in merged.values()), key=lambda one: one.default))


def _free_name(name: str, taken: Collection[str]) -> str:
    stem = name.rpartition("-")[0]
    number = 1
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _projects(pairs: Sequence[tuple[Path, Requirements]]) -> tuple[Project, ...]:
    """Return the projects of all files. Raises UsageError where two have one name."""
    by_name: dict[str, tuple[Path, Project]] = {}
    for file, found in pairs:
        for project in found.projects:
            other, known = by_name.get(project.name, (file, project))
            if known.path != project.path:
                values = f"{known.path}, {project.path}"
                raise _contradiction(other, file, f"project {project.name}", values)
            is_own = known.is_own or project.is_own
            by_name[project.name] = other, replace(known, is_own=is_own)
    return tuple(by_name[name][1] for name in sorted(by_name))
