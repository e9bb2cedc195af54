"""Says of every key of a tool's table what becomes of it, so that none is ignored in silence.

The tables of docs/pyproject.md are those of the code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import tomli

from lock.inputs.documents.toml_tables import Table


class Use(StrEnum):
    """What becomes of a key."""

    HONOURED = "honoured"
    # It is an error.
    REFUSED = "refused"
    # The user is told once.
    WITHOUT_EFFECT = "without effect"
    # It decides neither versions nor files.
    BESIDE = "not for a lock"


@dataclass(frozen=True)
class Key:
    """What becomes of a key, and why; of a refused one the text is the error's."""

    use: Use
    why: str = ""


HONOURED = Key(Use.HONOURED)
BESIDE = Key(Use.BESIDE)

# A dotted key, in which `*` stands for any part → what becomes of it. Those below it are known,
# too, unless some are named.
Keys = Mapping[str, Key]
Parts = Mapping[tuple[str, ...], str]


def check(table: Table, keys: Keys, file: str) -> list[str]:
    """Return what the user is told of a table's keys; refused ones are added to the problems."""
    unknown: list[str] = []
    told: dict[str, str] = {}
    parts = {tuple(key.split(".")): key for key in keys}
    for path, pattern in _found(table.data, parts, ()):
        where = ".".join(path)
        if pattern is None:
            unknown.append(table.where(where))
        elif keys[pattern].use is Use.REFUSED:
            problem, _, remedy = keys[pattern].why.partition("; ")
            table.fail(where, problem, remedy)
        elif keys[pattern].use is Use.WITHOUT_EFFECT:
            why = keys[pattern].why
            told.setdefault(pattern, f"{file}: {table.where(where)}: it has no effect here; {why}")
    names = ", ".join(dict.fromkeys(unknown))
    listed = [f"{file}: {names}: not known here, and without effect"] if names else []
    return [*told.values(), *listed]


def beside(file: Path, keys: Mapping[str, str]) -> list[str]:
    """Return what the user is told of a tool's own file, of which `keys` would decide something.

    Their values say what to write instead. A file that can't be read tells nothing.
    """
    try:
        data = tomli.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError):
        return []
    told = []
    for key, remedy in keys.items():
        value: Any = data
        for part in key.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            told.append(f"{file}: {key}: it has no effect here; {remedy}")
    return told


def _found(
    data: Mapping[str, Any], parts: Parts, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Yield each key with the pattern that it fits; None for a key that fits none."""
    for name, value in data.items():
        first = name if any(pattern[0] == name for pattern in parts) else "*"
        fitting = {pattern[1:]: key for pattern, key in parts.items() if pattern[0] == first}
        path = (*above, name)
        below = {pattern: key for pattern, key in fitting.items() if pattern}
        items = value if isinstance(value, list) else [value]
        inner = [one for one in items if isinstance(one, Mapping)]
        if not fitting:
            yield path, None
        elif below and inner:
            for one in inner:
                yield from _found(one, below, path)
        elif () in fitting:
            yield path, fitting[()]
