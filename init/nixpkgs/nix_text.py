"""Pieces of Nix code, in nixfmt's layout."""

import re
from collections.abc import Iterable, Sequence

# What stands bare before `=`, and in a list of arguments.
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*")
KEYWORDS = frozenset(["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"])
INDENT = "  "


def string(text: str) -> str:
    r"""Return a string as Nix reads it.

    >>> string('a "${b}"')
    '"a \\"\\${b}\\""'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${")
    return '"{}"'.format(escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"))


def key(name: str) -> str:
    """Return a name of an attribute as it stands before `=` or behind a dot."""
    is_bare = IDENTIFIER.fullmatch(name) and name not in KEYWORDS
    return name if is_bare else string(name)


def indent(lines: Iterable[str]) -> list[str]:
    """Return lines one step further to the right; empty ones stay empty."""
    return [f"{INDENT}{line}" if line else line for line in lines]


def list_of(items: Sequence[str], prefix: str = "") -> list[str]:
    """Return the lines of a list: none or one item stand in one line.

    `prefix` stands before it, such as `lib.optionals isPyPy `.
    """
    if not items:
        return [f"{prefix}[ ]"]
    if len(items) == 1:
        return [f"{prefix}[ {items[0]} ]"]
    return [f"{prefix}[", *indent(items), "]"]


def joined(parts: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of several lists that `++` joins."""
    first, *others = parts
    lines = [*first]
    for part in others:
        lines += [f"++ {part[0]}", *part[1:]]
    return lines


def binding(name: str, value: Sequence[str]) -> list[str]:
    """Return the lines of `name = value;`."""
    lines = [f"{name} = {value[0]}", *value[1:]]
    lines[-1] += ";"
    return lines
