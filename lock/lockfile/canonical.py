"""Writes the canonical style of sources.yaml (docs/sources-yaml.md): a quoted scalar a line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from yaml import SafeLoader

from lock.errors import LockError

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]

BARE_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*", re.ASCII)
# YAML 1.1 reads these as booleans; PyYAML doesn't, other parsers do.
SHORT_BOOLEANS = frozenset("yn")
# JSON writes characters beyond U+FFFF as two escapes, which YAML reads as two characters.
UNWRITABLE = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
# The longest key, in characters, that YAML reads without a `?` before it.
MAX_KEY_LENGTH = 1024


def dump(data: Mapping[str, Value]) -> str:
    """Return a document in the canonical style, its keys in the order of `data`.

    Raises LockError for data that the style can't represent.
    """
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def _mapping(mapping: Mapping[str, Value], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{_key(key)}:"
        if isinstance(value, str | int):
            yield f"{head} {_scalar(value)}"
        else:
            yield head
            yield from _block(value, f"{indent}  ")


def _block(value: Sequence[Value] | Mapping[str, Value], indent: str) -> Iterator[str]:
    if not value:
        raise LockError("sources.yaml has no form for an empty list or mapping")
    if isinstance(value, Mapping):
        yield from _mapping(value, indent)
        return
    for item in value:
        if isinstance(item, str | int):
            yield f"{indent}- {_scalar(item)}"
        elif isinstance(item, Mapping) and item:
            first, *others = _mapping(item, f"{indent}  ")
            yield f"{indent}- {first.lstrip(' ')}"
            yield from others
        else:
            raise LockError("sources.yaml has no form for a list in a list or an empty mapping")


# Every item has the same few keys.
@cache
def _key(key: str) -> str:
    if _is_bare(key):
        return key
    quoted = _scalar(key)
    if len(quoted) > MAX_KEY_LENGTH:
        raise LockError(f"sources.yaml can't hold a key of {len(quoted)} characters")
    return quoted


def _is_bare(key: str) -> bool:
    if not BARE_KEY.fullmatch(key) or key in SHORT_BOOLEANS or len(key) > MAX_KEY_LENGTH:
        return False
    resolvers = SafeLoader.yaml_implicit_resolvers
    return not any(pattern.match(key) for _, pattern in resolvers.get(key[0], []))


def _scalar(value: str | int) -> str:
    if isinstance(value, int):
        if isinstance(value, bool) or value < 0:
            raise LockError(f"sources.yaml has no form for {value}")
        return str(value)
    unwritable = UNWRITABLE.search(value)
    if unwritable is not None:
        raise LockError(
            f"sources.yaml can't hold the character U+{ord(unwritable[0]):04X} in {value!a}"
        )
    return json.dumps(value).replace("\x7f", "\\u007f")
