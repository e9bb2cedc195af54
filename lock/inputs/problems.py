"""What is wrong with an input file, gathered so that all of it is told at once."""

from collections.abc import Callable
from typing import TypeVar

from lock.errors import UsageError
from lock.inputs.specifier import SpecifierError

Result = TypeVar("Result")


class Problems:
    """The errors of a file, and of those that it includes; each with its line if that is known."""

    def __init__(self, file: str, including: "Problems | None" = None) -> None:
        self.file = file
        # Order of the file, line, text; files that include each other share the list.
        self.found: list[tuple[int, int, str]] = including.found if including else []
        self.files: list[str] = including.files if including else []
        self.order = len(self.files)
        self.files.append(file)

    def add(self, line: int | None, key: str | None, problem: str, remedy: str) -> None:
        """Notes an error; `key` is the place within the file, as the user wrote it."""
        where = self.file if line is None else f"{self.file}:{line}"
        told = f"{where}: {f'{key}: ' if key else ''}{problem}; {remedy}"
        self.found.append((self.order, line or 0, told))

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
            raise UsageError("\n".join(told for *_, told in sorted(self.found)))
