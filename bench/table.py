"""The table of measurements, each against a baseline and, for some, a goal."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADER = ("what", "wheelhouse", "against", "theirs", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """A row of the table; `ours`, `theirs` and `goal` (the highest allowed value) are in `unit`.

    `note`, shown in place of `theirs`, says why there is no such value or what `ours` consists of.
    """

    what: str
    unit: str
    ours: float
    against: str = ""
    theirs: float | None = None
    goal: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Return whether the goal is met; None if there is none."""
        return None if self.goal is None else self.ours <= self.goal

    def cells(self) -> tuple[str, ...]:
        """Return the row's texts, in the order of HEADER."""
        ratio = "" if not self.theirs else f"{self.ours / self.theirs:.2f}"
        met = {None: "", True: "yes", False: "**no**"}[self.met]
        return (
            self.what,
            self._number(self.ours),
            self.against,
            self.note or self._number(self.theirs),
            ratio,
            "" if self.goal is None else f"≤ {self._number(self.goal)}",
            met,
        )

    def _number(self, value: float | None) -> str:
        return "" if value is None else f"{value:.{_decimals(value)}f} {self.unit}"


def _decimals(value: float) -> int:
    """Return the number of decimals to show: fewer for a larger number."""
    return 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3


def markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown."""
    lines = [HEADER, ("---",) * len(HEADER), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
