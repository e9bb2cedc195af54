"""Writes the canonical style of sources.yaml (docs/sources-yaml.md): JSON, an item a line."""

import json
import re
from collections.abc import Mapping, Sequence

from lock.errors import LockError

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]

# JSON writes characters beyond U+FFFF as two escapes, which YAML reads as two characters.
UNWRITABLE = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")
# The longest key, in characters, that YAML reads without a `?` before it.
MAX_KEY_LENGTH = 1024


def dump(data: Mapping[str, Value]) -> str:
    """Return a document in the canonical style, its keys in the order of `data`.

    Raises LockError for data that the style can't represent.
    """
    _check(data)
    keys = ",\n".join(f"{_flat(key)}: {_top(value)}" for key, value in data.items())
    return f"{{{keys}\n}}\n"


def _top(value: Value) -> str:
    return _flat(value) if isinstance(value, str | int) else _broken(value, "")


def _broken(value: Sequence[Value] | Mapping[str, Value], indent: str) -> str:
    """Return a list or a mapping with each of its items on a line, below an indented one."""
    inner = f"{indent}  "
    if isinstance(value, Mapping):
        lines = [f"{inner}{_flat(key)}: {_inner(below, inner)}" for key, below in value.items()]
        return f"{{\n{_joined(lines)}\n{indent}}}"
    return f"[\n{_joined([f'{inner}{_flat(item)}' for item in value])}\n{indent}]"


def _inner(value: Value, indent: str) -> str:
    """Return the same of a value below the top level; one of a single scalar fits on the line."""
    if isinstance(value, str | int):
        return _flat(value)
    [first, *others] = value.values() if isinstance(value, Mapping) else value
    is_short = not others and isinstance(first, str | int)
    return _flat(value) if is_short else _broken(value, indent)


def _joined(lines: Sequence[str]) -> str:
    return ",\n".join(lines)


def _flat(value: Value) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")


def _check(value: Value, *, in_list: bool = False) -> None:
    """Raise LockError for what json, PyYAML and Nix read differently, or lock never writes."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, int):
        if isinstance(value, bool) or value < 0:
            raise LockError(f"sources.yaml has no form for {value}")
    elif not value:
        raise LockError("sources.yaml has no form for an empty list or mapping")
    elif isinstance(value, Mapping):
        for key, below in value.items():
            _check_text(key)
            if len(_flat(key)) > MAX_KEY_LENGTH:
                raise LockError(f"sources.yaml can't hold a key of {len(_flat(key))} characters")
            _check(below)
    elif in_list:
        raise LockError("sources.yaml has no form for a list in a list")
    else:
        for item in value:
            _check(item, in_list=True)


def _check_text(text: str) -> None:
    # The most texts by far, and the test is a flag of theirs.
    unwritable = None if text.isascii() else UNWRITABLE.search(text)
    if unwritable is not None:
        raise LockError(
            f"sources.yaml can't hold the character U+{ord(unwritable[0]):04X} in {text!a}"
        )
