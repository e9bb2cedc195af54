"""Collects the errors of an input file, so that the user sees all of them at once."""

from collections.abc import Callable
from typing import TypeVar

from lock.errors import UsageError
from lock.inputs.values.specifier import SpecifierError

Result = TypeVar("Result")


class Problems:
    """The errors of a file and of the files that it includes, with their lines where known."""

    def __init__(self, file: str, including: "Problems | None" = None) -> None:
        self.file = file
        # Order of the file, line, text; files that include each other share the list.
        self.found: list[tuple[int, int, str]] = including.found if including else []
        self.files: list[str] = including.files if including else []
        self.order = len(self.files)
        self.files.append(file)

    def add(self, line: int | None, key: str | None, problem: str, remedy: str) -> None:
        """Add an error; `key` is its key in the file, as the user wrote it."""
        where = self.file if line is None else f"{self.file}:{line}"
        message = f"{where}: {f'{key}: ' if key else ''}{problem}; {remedy}"
        self.add_message(message, line or 0)

    def add_message(self, message: str, line: int = 0) -> None:
        """Add an error whose text names its file already."""
        # A table may be looked at more than once.
        if message not in {told for *_, told in self.found}:
            self.found.append((self.order, line, message))

    def attempt(
        self, line: int | None, key: str | None, check: Callable[[str], Result], text: str
    ) -> Result | None:
        """Return what a check returns of a text; None if it raises an error, which is added."""
        try:
            return check(text)
        except (SpecifierError, UsageError) as error:
            problem, _, remedy = str(error).partition("; ")
            self.add(line, key, problem, remedy)
            return None

    def raise_if_any(self) -> None:
        """Raise UsageError if there are errors: a line for each, in the order of the file."""
        if self.found:
            raise UsageError("\n".join(message for *_, message in sorted(self.found)))
