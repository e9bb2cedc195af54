"""`scripts/bench`: measures, prints the table, and writes docs/performance.md."""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import baselines, build, change, download, evaluation, growth, lock, nix, size, start
from bench.machine import describe
from bench.nix import ROOT, Nix
from bench.report import write
from bench.running import FailedError
from bench.table import HEADER, Row

LARGE = ROOT / "bench" / "sets" / "large" / "sources.yaml"
Measure = Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Plan:
    """How much is measured: of how many runs the median counts, and on which sets."""

    runs: int
    locked: Sequence[str] = lock.SETS
    built: Sequence[str] = build.SETS
    counts: Sequence[int] = growth.COUNTS
    # Whether others than uv take part.
    rivals: bool = True


QUICK = Plan(1, ("small",), ("small",), (10, 20), rivals=False)


def measures(
    found: Nix,
    scratch: Path,
    programs: Mapping[str, Path],
    plan: Plan,
    points: list[growth.Point],
) -> Mapping[str, Measure]:
    """What can be measured, by name; `points` gathers those of the picture."""
    uv, runs = programs["uv"], plan.runs

    def wheels(name: str, purpose: str) -> build.Wheels:
        return build.wheels(found, name, uv, scratch / f"{purpose}-{name}")

    def sizes() -> Iterator[Row]:
        for name in ("science", "large"):
            yield from size.rows(found, scratch, wheels(name, "size"), name)

    def grown() -> Iterator[Row]:
        points.extend(growth.measure(found, scratch, plan.counts, runs))
        return growth.rows(points)

    return {
        "lock": partial(lock.rows, found, scratch, runs, programs, plan.locked),
        "evaluation": partial(evaluation.rows, found, LARGE, runs, scratch),
        "build": partial(build.rows, found, scratch, runs, programs, plan.built),
        "change": lambda: change.rows(found, scratch, wheels("large", "change"), runs),
        "start": lambda: start.rows(found, scratch, wheels("science", "start"), 10 * runs),
        "size": sizes,
        "download": partial(download.rows, found, scratch, runs),
        "growth": grown,
    }


NAMES = ("lock", "evaluation", "build", "change", "start", "size", "download", "growth")


def main() -> None:
    """Measures what is asked for, a line a comparison as soon as it is there."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--quick", action="store_true", help="tiny sets, to see that it works")
    parser.add_argument("only", nargs="*", help="what to measure; then no report is written")
    parsed = parser.parse_args()
    unknown = sorted({*parsed.only} - {*NAMES})
    if unknown:
        parser.error(f"{', '.join(unknown)}: what there is: {', '.join(NAMES)}")
    plan = QUICK if parsed.quick else Plan(parsed.runs)
    found = nix.find()
    rows: list[Row] = []
    points: list[growth.Point] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        # Nix' own users fetch generated wheels from there.
        scratch.chmod(0o755)
        programs = baselines.install(scratch / "rivals") if plan.rivals else baselines.uv()
        known = measures(found, scratch, programs, plan, points)
        print(" | ".join(HEADER))
        for name in parsed.only or NAMES:
            for row in known[name]():
                print(" | ".join(row.cells()), flush=True)
                rows.append(row)
        if not (parsed.only or parsed.quick):
            write(rows, points, describe(found, programs), start.python(found, scratch))


if __name__ == "__main__":
    try:
        main()
    except FailedError as failure:
        raise SystemExit(f"scripts/bench: this failed: {failure}") from None
