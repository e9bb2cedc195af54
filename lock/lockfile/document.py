"""Reads the text of a lock as data: JSON where it is in the canonical style, else YAML."""

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

# How a lock begins that is read as JSON.
START = '{"wheelhouse": '
# Lines that version control writes into a file where a merge conflicts.
CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?\r?(?:\n|\Z)", re.MULTILINE)
# A key at the top level with its value, up to the next one.
SECTION = re.compile(
    r'^[{]?"([a-z-]+)": (.*?),?\r?$(?=\n"|(?:\n\})?\s*\Z)', re.MULTILINE | re.DOTALL
)
ITEM = re.compile(r"^  (\{.*\}),?\r?$", re.MULTILINE)


class MalformedError(ValueError):
    """A text is neither JSON nor YAML; the message says what is wrong, and where."""


def is_json(text: str) -> bool:
    """Return whether a text claims to be a lock in the canonical style, which is JSON."""
    return text.startswith(START)


def load(text: str) -> Any:
    """Return the data of a text. Raises MalformedError."""
    if is_json(text):
        return _load_json(text)
    # Imported here because a lock in the canonical style needs none of it.
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        raise MalformedError("this is not YAML") from None


def salvaged(text: str) -> dict[str, Any]:
    """Return what can be read of a damaged lock in the canonical style, of lists by their items."""
    found: dict[str, Any] = {}
    for key, value in SECTION.findall(CONFLICT.sub("", text)):
        try:
            found.setdefault(key, json.loads(value))
        except (ValueError, RecursionError):
            found.setdefault(key, [item for line in ITEM.findall(value) for item in _item(line)])
    return found


# A run asks one lock for many things, each by itself.
@lru_cache(maxsize=4)
def readable(text: str) -> dict[str, Any]:
    """Return the data of a lock in the canonical style; of a damaged one, what can be read.

    Callers share it, and only read it.
    """
    try:
        data = _load_json(text)
    except MalformedError:
        return salvaged(text)
    return data if isinstance(data, dict) else {}


def section(text: str, key: str) -> Any:
    """Return the value of a top-level key of a lock; None where it isn't there or can't be read."""
    if is_json(text):
        return readable(text).get(key)
    # Of format 1, a YAML parser takes a second for the whole.
    found = re.search(rf"^{re.escape(key)}:\n(?:  .*\n)+", text, re.MULTILINE)
    try:
        data = load(found[0]) if found else None
    except MalformedError:
        return None
    return data[key] if isinstance(data, dict) else None


def _item(line: str) -> list[Any]:
    try:
        return [json.loads(line)]
    except (ValueError, RecursionError):
        return []


def _load_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_mapping)
    except json.JSONDecodeError as error:
        conflict = CONFLICT.search(text)
        if conflict is not None:
            line = text.count("\n", 0, conflict.start()) + 1
            raise MalformedError(f"line {line}: this is the mark of a merge conflict") from None
        raise MalformedError(f"line {error.lineno}: this is not JSON: {error.msg}") from None
    except RecursionError:
        raise MalformedError("this is nested too deeply") from None


def _mapping(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a mapping. Raises MalformedError for a key that stands twice: Nix takes the last."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in mapping if keys.count(key) > 1)
        raise MalformedError(f"the key `{twice}` stands twice in its mapping")
    return mapping
