"""Draw the picture of growth with matplotlib: `python picture.py POINTS.json PICTURE.svg`."""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
# The same points make the same file.
matplotlib.rcParams["svg.hashsalt"] = "growth"

from matplotlib import pyplot  # noqa: E402


def main(points: list[dict[str, float]], file: Path) -> None:
    """Draw the seconds of each step against the number of packages, and write them to a file."""
    figure, axes = pyplot.subplots(1, 3, figsize=(9, 3), layout="constrained")
    for axis, step in zip(axes, ("evaluation", "build", "composition"), strict=True):
        measured = [(point["packages"], point[step]) for point in points if step in point]
        axis.plot(*zip(*measured, strict=True), marker="o")
        axis.set(title=step, xlabel="packages", ylabel="seconds", xlim=0, ylim=0)
        axis.grid(alpha=0.3)
    figure.savefig(file, metadata={"Date": None})


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text("utf-8")), Path(sys.argv[2]))
