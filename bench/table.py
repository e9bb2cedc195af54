"""The table of measurements, each against a baseline and, for some, a goal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.running import Usage, cpu, wall

HEADER = ("what", "wheelhouse", "CPU", "against", "theirs", "their CPU", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """A row of the table; `ours`, `theirs` and `goal` (the highest allowed value) are in `unit`.

    `note`, shown in place of `theirs`, says why there is no such value or what `ours` consists of.
    `cpu` and `their_cpu` are seconds of CPU time, where `ours` is wall time.
    """

    what: str
    unit: str
    ours: float
    against: str = ""
    theirs: float | None = None
    goal: float | None = None
    note: str = ""
    cpu: float | None = None
    their_cpu: float | None = None

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
            _number(self.ours, self.unit),
            _number(self.cpu, "s"),
            self.against,
            self.note or _number(self.theirs, self.unit),
            _number(self.their_cpu, "s"),
            ratio,
            "" if self.goal is None else f"≤ {_number(self.goal, self.unit)}",
            met,
        )


def timed(
    what: str,
    ours: Sequence[Usage],
    against: str = "",
    theirs: Sequence[Usage] = (),
    goal: float | None = None,
) -> Row:
    """Return a row of the medians of wall and of CPU time; `goal` is one of wall time."""
    return Row(
        what,
        "s",
        wall(ours),
        against,
        wall(theirs) if theirs else None,
        goal,
        cpu=cpu(ours),
        their_cpu=cpu(theirs) if theirs else None,
    )


def _number(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.{_decimals(value)}f} {unit}"


def _decimals(value: float) -> int:
    """Return the number of decimals to show: fewer for a larger number."""
    return 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 3


def markdown(rows: Iterable[Row]) -> str:
    """Return the table as Markdown."""
    lines = [HEADER, ("---",) * len(HEADER), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
