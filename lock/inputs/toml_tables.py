"""TOML's tables, whose values are checked for their kind as they are read."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import tomli

from lock.inputs.problems import Problems, Result

# How tomli ends its messages.
PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")


def load(text: str, problems: Problems) -> Mapping[str, Any]:
    """The document. Raises UsageError, with the line, for broken TOML."""
    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        match = PLACE.fullmatch(str(error))
        problem = f"this is not TOML ({match[1] if match else 'nested too deeply'})"
        last = text.count("\n") + 1
        line = int(match[2] or last) if match else None
        problems.add(line, None, problem, "mend it")
        problems.end()
        return {}


class Table:
    """A table and the dotted key that leads to it; a value of the wrong kind is noted."""

    def __init__(self, data: Mapping[str, Any], key: str, problems: Problems) -> None:
        self.data = data
        self.key = key
        self.problems = problems

    def where(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key

    def has(self, key: str) -> bool:
        return key in self.data

    def _typed(self, key: str, kind: type[Result], name: str) -> Result | None:
        value = self.data.get(key)
        if value is None or (isinstance(value, kind) and isinstance(value, bool) <= (kind is bool)):
            return value
        self.problems.add(None, self.where(key), f"this is not {name}", f"write {name} there")
        return None

    def text(self, key: str) -> str | None:
        return self._typed(key, str, "a text")

    def truth(self, key: str) -> bool:
        return bool(self._typed(key, bool, "`true` or `false`"))

    def texts(self, key: str) -> list[str]:
        listed: list[Any] = self._typed(key, list, "a list of texts") or []
        if all(isinstance(text, str) for text in listed):
            return listed
        self.problems.add(None, self.where(key), "this is not a list of texts", "write one there")
        return []

    def table(self, key: str) -> "Table":
        """The table below a key; an empty one if there is none."""
        found: dict[str, Any] = self._typed(key, dict, "a table") or {}
        return Table(found, self.where(key), self.problems)

    def tables(self, key: str) -> "list[Table]":
        """The tables of a list."""
        listed: list[Any] = self._typed(key, list, "a list of tables") or []
        if all(isinstance(one, dict) for one in listed):
            return [Table(one, self.where(key), self.problems) for one in listed]
        self.problems.add(None, self.where(key), "this is not a list of tables", "write one there")
        return []

    def checked(self, key: str, check: Callable[[str], Result]) -> Result | None:
        """What `check` makes of a text; None when there is none, or it objects, which is noted."""
        text = self.text(key)
        return None if text is None else self.attempt(key, check, text)

    def checked_all(self, key: str, check: Callable[[str], Result]) -> list[Result]:
        """What `check` makes of each text of a list."""
        found = [self.attempt(key, check, text) for text in self.texts(key)]
        return [one for one in found if one is not None]

    def attempt(self, key: str, check: Callable[[str], Result], text: str) -> Result | None:
        return self.problems.attempt(None, self.where(key), check, text)

    def fail(self, key: str, problem: str, remedy: str) -> None:
        self.problems.add(None, self.where(key), problem, remedy)
