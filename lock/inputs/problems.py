"""What is wrong with an input file, gathered so that all of it is told at once."""

from collections.abc import Callable
from typing import TypeVar

from lock.errors import UsageError
from lock.specifier import SpecifierError

Result = TypeVar("Result")


class Problems:
    """The errors of one file, each with its line where the format tells it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[tuple[int, str]] = []

    def add(self, line: int | None, key: str | None, problem: str, remedy: str) -> None:
        """Notes an error; `key` is the place within the file, as the user wrote it."""
        where = self.file if line is None else f"{self.file}:{line}"
        told = f"{where}: {f'{key}: ' if key else ''}{problem}; {remedy}"
        self.found.append((line or 0, told))

    def attempt(
        self, line: int | None, key: str | None, check: Callable[[str], Result], text: str
    ) -> Result | None:
        """What `check` makes of a text; None when it objects, which is noted."""
        try:
            return check(text)
        except (SpecifierError, UsageError) as error:
            problem, _, remedy = str(error).partition("; ")
            self.add(line, key, problem, remedy)
            return None

    def end(self) -> None:
        """Raises UsageError when something is wrong: a line each, in the order of the file."""
        if self.found:
            raise UsageError("\n".join(told for _, told in sorted(self.found)))
