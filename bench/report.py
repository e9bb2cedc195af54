"""Update docs/performance.md: the table is generated, the text around it written by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

from bench.growth import Point
from bench.nix import ROOT
from bench.running import Command, run
from bench.table import Row, markdown

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "growth.svg"
BEGIN = "<!-- written by scripts/bench: begin -->\n"
END = "<!-- written by scripts/bench: end -->\n"


def write(rows: Sequence[Row], points: Sequence[Point], machine: str, python: Path) -> None:
    """Write the table and the picture; `python` is an interpreter that has matplotlib.

    Raises FailedError if the picture can't be drawn; the table is written before.
    """
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    table = f"{machine}\n\n{markdown(rows)}"
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
    points_file = PICTURE.with_suffix(".json")
    points_file.write_text(json.dumps([_steps(point) for point in points]), encoding="utf-8")
    try:
        run(Command([python, Path(__file__).with_name("picture.py"), points_file, PICTURE]))
    finally:
        points_file.unlink()


def _steps(point: Point) -> dict[str, float]:
    """Return what the picture shows of a point: seconds by step."""
    found = {"packages": point.packages, "evaluation": point.evaluation}
    if point.built is not None:
        found |= {"build": point.built.build, "composition": point.built.composition}
    return found
