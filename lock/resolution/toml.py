"""Writes TOML's basic strings and arrays of them (TOML 1.0)."""

import re
from collections.abc import Iterable


def array(texts: Iterable[str]) -> str:
    """Return an array of strings, on one line."""
    return f"[{', '.join(map(string, texts))}]"


def string(text: str) -> str:
    """Return a string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    controls = re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped)
    return f'"{controls}"'
