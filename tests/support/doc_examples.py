"""Read the examples in the doc comments of Nix files.

An example is an expression and, after `=>`, its value. `«derivation PATH»` stands for a derivation
with that path, `error: TEXT` for an expression that throws, `…` in a text for anything.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

_COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """An example of the function `name`, which is the value of `file` or an attribute of it."""

    file: Path
    name: str
    expression: str
    expected: str

    @property
    def error(self) -> str | None:
        """Return the message that the expression throws with, or None."""
        return (
            self.expected.removeprefix("error: ") if self.expected.startswith("error: ") else None
        )

    def bound(self, function: str) -> str:
        """Return the expression with the name bound to the function, itself an expression."""
        return f"let {self.name} = {function}; in {self.expression}"


def comments(file: Path) -> list[str]:
    """Return the doc comments of a file."""
    return _COMMENT.findall(file.read_text(encoding="utf-8"))


def examples(file: Path) -> list[Example]:
    """Return the examples of a file. Raises ValueError for a comment without one."""
    return [_example(file, comment) for comment in comments(file)]


def _example(file: Path, comment: str) -> Example:
    name = re.search(r"^ *Type: (\w+) ::", comment, re.MULTILINE)
    example = re.search(r"^ *Example:\n(.*?)^ *=> (.*)", comment, re.MULTILINE | re.DOTALL)
    if name is None or example is None:
        raise ValueError(f"{file}: a doc comment without `Type: NAME ::` and `Example:`: {comment}")
    return Example(file, name[1], dedent(example[1]).strip(), dedent(example[2]).strip())


def matches(value: object, expected: object) -> bool:
    """Return whether two JSON values are equal, `…` in expected texts standing for any text."""
    if isinstance(expected, str) and isinstance(value, str):
        return (
            re.fullmatch(".*".join(map(re.escape, expected.split("…"))), value, re.DOTALL)
            is not None
        )
    if isinstance(expected, list) and isinstance(value, list):
        return len(value) == len(expected) and all(map(matches, value, expected))
    if isinstance(expected, dict) and isinstance(value, dict):
        return value.keys() == expected.keys() and all(
            matches(value[key], expected[key]) for key in value
        )
    return type(value) is type(expected) and value == expected
