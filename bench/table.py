"""What was measured, against what, and whether the goal is met."""

from collections.abc import Iterable
from dataclasses import dataclass

HEADER = ("what", "wheelhouse", "against", "theirs", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One comparison; `ours`, `theirs` and `goal` (the most it may be) are in `unit`.

    `note` says why there is nothing to compare with, or what the numbers stand for.
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
        """Whether the goal is met; None where there is none."""
        return None if self.goal is None else self.ours <= self.goal

    def cells(self) -> tuple[str, ...]:
        """The row as texts, in the order of HEADER."""
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
        return "" if value is None else f"{value:.{_places(value)}f} {self.unit}"


def _places(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3


def markdown(rows: Iterable[Row]) -> str:
    """A table of Markdown."""
    lines = [HEADER, ("---",) * len(HEADER), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
