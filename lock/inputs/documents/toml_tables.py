"""Reads the tables of a TOML document; values of the wrong type are added to the problems."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import tomli

from lock.inputs.documents.problems import Problems, Result

# The end of tomli's messages.
PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)")


def load(text: str, problems: Problems) -> Mapping[str, Any]:
    """Return the data of a document. Raises UsageError, with the line, for invalid TOML."""
    try:
        return tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        match = PLACE.fullmatch(str(error))
        problem = f"this is not TOML ({match[1] if match else 'nested too deeply'})"
        last = text.count("\n") + 1
        line = int(match[2] or last) if match else None
        problems.add(line, None, problem, "mend it")
        problems.raise_if_any()
        return {}


class Table:
    """A table with its dotted key."""

    def __init__(self, data: Mapping[str, Any], key: str, problems: Problems) -> None:
        self.data = data
        self.key = key
        self.problems = problems

    def where(self, key: str) -> str:
        """Return the dotted key of a key."""
        return f"{self.key}.{key}" if self.key else key

    def has(self, key: str) -> bool:
        """Return whether the table has a key."""
        return key in self.data

    def _typed(self, key: str, kind: type[Result], name: str) -> Result | None:
        value = self.data.get(key)
        if value is None or (isinstance(value, kind) and isinstance(value, bool) <= (kind is bool)):
            return value
        self.problems.add(None, self.where(key), f"this is not {name}", f"write {name} there")
        return None

    def text(self, key: str) -> str | None:
        """Return the string of a key; None if there is none."""
        return self._typed(key, str, "a text")

    def truth(self, key: str) -> bool:
        """Return the boolean of a key; False if there is none."""
        return bool(self._typed(key, bool, "`true` or `false`"))

    def texts(self, key: str) -> list[str]:
        """Return the list of strings of a key; empty if there is none."""
        listed: list[Any] = self._typed(key, list, "a list of texts") or []
        if all(isinstance(text, str) for text in listed):
            return listed
        self.problems.add(None, self.where(key), "this is not a list of texts", "write one there")
        return []

    def list_of(self, key: str) -> list[Any]:
        """Return the list of a key, whatever is in it; empty if there is none."""
        return self._typed(key, list, "a list") or []

    def numbers(self, key: str) -> list[int]:
        """Return the list of whole numbers of a key; empty if there is none."""
        listed = self.list_of(key)
        if all(isinstance(one, int) and not isinstance(one, bool) for one in listed):
            return listed
        self.problems.add(None, self.where(key), "this is not a list of numbers", "write one there")
        return []

    def table(self, key: str) -> "Table":
        """Return the table of a key; an empty one if there is none."""
        found: dict[str, Any] = self._typed(key, dict, "a table") or {}
        return Table(found, self.where(key), self.problems)

    def tables(self, key: str) -> "list[Table]":
        """Return the list of tables of a key; empty if there is none."""
        listed: list[Any] = self._typed(key, list, "a list of tables") or []
        if all(isinstance(one, dict) for one in listed):
            return [Table(one, self.where(key), self.problems) for one in listed]
        self.problems.add(None, self.where(key), "this is not a list of tables", "write one there")
        return []

    def checked(self, key: str, check: Callable[[str], Result]) -> Result | None:
        """Return what a check returns of a key's string; None without one, or if it fails."""
        text = self.text(key)
        return None if text is None else self.attempt(key, check, text)

    def checked_all(self, key: str, check: Callable[[str], Result]) -> list[Result]:
        """Return what a check returns of each string of a list, without those that fail it."""
        found = [self.attempt(key, check, text) for text in self.texts(key)]
        return [one for one in found if one is not None]

    def attempt(self, key: str, check: Callable[[str], Result], text: str) -> Result | None:
        """Return what a check returns of a text; None if it fails, which is added."""
        return self.problems.attempt(None, self.where(key), check, text)

    def fail(self, key: str, problem: str, remedy: str) -> None:
        """Add an error about a key."""
        self.problems.add(None, self.where(key), problem, remedy)
