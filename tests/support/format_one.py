"""Writes the style of format 1 of sources.yaml, as lock did: old locks for tests."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

BARE_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)


def dump(data: Mapping[str, Any]) -> str:
    """Return a document in blocks, a quoted scalar a line."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def as_format_one(data: Mapping[str, Any]) -> str:
    """Return the text of a lock in format 1."""
    return dump({**data, "wheelhouse": 1})


def _mapping(mapping: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{_key(key)}:"
        if isinstance(value, str | int):
            yield f"{head} {_scalar(value)}"
        else:
            yield head
            yield from _block(value, f"{indent}  ")


def _block(value: Sequence[Any] | Mapping[str, Any], indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, indent)
        return
    for item in value:
        if isinstance(item, str | int):
            yield f"{indent}- {_scalar(item)}"
        else:
            first, *others = _mapping(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip(' ')}"
            yield from others


def _key(key: str) -> str:
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    is_bare = (
        BARE_KEY.fullmatch(key)
        and key not in "yn"
        and not any(pattern.match(key) for _, pattern in resolvers.get(key[0], []))
    )
    return key if is_bare else _scalar(key)


def _scalar(value: str | int) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")
