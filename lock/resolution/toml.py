"""TOML's basic strings and arrays of them (TOML 1.0), for the files that are written for uv."""

import re
from collections.abc import Iterable


def array(texts: Iterable[str]) -> str:
    """An array of strings, on one line."""
    return f"[{', '.join(map(string, texts))}]"


def string(text: str) -> str:
    """A string in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    controls = re.sub(r"[\x00-\x1f\x7f]", lambda sign: f"\\u{ord(sign[0]):04x}", escaped)
    return f'"{controls}"'
