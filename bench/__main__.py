"""Measure, print the table, and write docs/performance.md."""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import (
    baselines,
    build,
    caches,
    change,
    commands,
    download,
    evaluation,
    fetch,
    growth,
    lock,
    memory_build,
    opening,
    project,
    run,
    settings,
    size,
    start,
    unpack,
)
from bench.machine import describe
from bench.nix import ROOT, Nix, find_nix
from bench.report import write
from bench.running import FailedError, Usage
from bench.table import HEADER, Row

LARGE = ROOT / "bench" / "sets" / "large" / "sources.yaml"
Measurement = Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Plan:
    """How much to measure: the number of runs that a median is taken of, and the sets."""

    runs: int
    lock_sets: Sequence[str] = lock.SETS
    build_sets: Sequence[str] = build.SETS
    package_counts: Sequence[int] = growth.COUNTS
    project_set: str = "large"
    edited_set: str = "science"
    start_set: str = "science"
    size_sets: Sequence[str] = ("science", "large")
    verified_set: str = "medium"
    # Libraries in a wheel, and megabytes of each.
    wheels: Sequence[tuple[int, int]] = unpack.WHEELS
    download_set: str = "science"
    fetch_sets: Sequence[str] = fetch.SETS
    report_set: str = "large"
    settings_set: str = "medium"
    # Whether to measure against other baselines than uv and Nix, which must be installed first.
    install_baselines: bool = True


QUICK = Plan(
    runs=1,
    lock_sets=("small",),
    build_sets=("small",),
    package_counts=(14, 28),
    project_set="small",
    edited_set="small",
    start_set="small",
    size_sets=("small",),
    verified_set="small",
    wheels=((2, 3),),
    download_set="small",
    fetch_sets=("small",),
    report_set="small",
    settings_set="small",
    install_baselines=False,
)


def measurements(
    nix: Nix,
    scratch: Path,
    programs: Mapping[str, Path],
    plan: Plan,
    points: list[growth.Point],
) -> Mapping[str, Measurement]:
    """Return what can be measured, by name.

    `programs` are those of the baselines, by name. `points` is filled with the points of the
    picture of growth.
    """
    uv, runs = programs["uv"], plan.runs
    # What the builds of sets took, for the parts that compare with them.
    built: dict[str, Usage] = {}

    def wheels(name: str, purpose: str) -> build.Wheels:
        return build.fetch_wheels(nix, name, uv, scratch / f"{purpose}-{name}")

    def build_rows() -> Iterator[Row]:
        yield from build.rows(nix, scratch, runs, programs, plan.build_sets, built)
        yield from memory_build.rows(nix, scratch, programs, plan.build_sets)

    def size_rows() -> Iterator[Row]:
        for name in plan.size_sets:
            yield from size.rows(nix, scratch, wheels(name, "size"), name)

    def growth_rows() -> Iterator[Row]:
        points.extend(growth.measure(nix, scratch, plan.package_counts, runs))
        return growth.rows(points)

    return {
        "lock": partial(lock.rows, nix, scratch, runs, programs, plan.lock_sets),
        "commands": partial(
            commands.rows, nix, scratch, runs, programs, plan.project_set, plan.verified_set
        ),
        "evaluation": partial(evaluation.rows, nix, LARGE, runs, scratch),
        "unpack": partial(unpack.rows, nix, scratch, runs, plan.wheels),
        "build": build_rows,
        "change": lambda: change.rows(nix, scratch, wheels(plan.project_set, "change"), runs),
        "project": partial(project.rows, nix, scratch, runs, programs, plan.edited_set),
        "start": lambda: start.rows(nix, scratch, wheels(plan.start_set, "start"), 5 * runs),
        "run": partial(run.rows, nix, scratch, programs, runs),
        "size": size_rows,
        "download": partial(download.rows, nix, scratch, min(runs, 2), plan.download_set),
        "caches": partial(caches.rows, nix, scratch, runs, plan.project_set, built),
        "settings": partial(settings.rows, nix, scratch, plan.settings_set),
        "fetch": partial(fetch.rows, nix, scratch, runs, plan.fetch_sets),
        "report": partial(opening.rows, nix, scratch, 3 * runs, plan.report_set),
        "growth": growth_rows,
    }


NAMES = (
    "lock",
    "commands",
    "evaluation",
    "unpack",
    "build",
    "change",
    "project",
    "start",
    "run",
    "size",
    "download",
    "caches",
    "settings",
    "fetch",
    "report",
    "growth",
)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder. A process of its own deletes it, as that takes minutes on some disks."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        yield folder
    finally:
        # What is in a store is read-only.
        delete = 'chmod -R u+w "$1"; exec rm -rf "$1"'
        silent = subprocess.DEVNULL
        subprocess.Popen(
            ["sh", "-c", delete, "sh", folder],
            stdin=silent,
            stdout=silent,
            stderr=silent,
            start_new_session=True,
        )


def main() -> None:
    """Measure what the arguments name, and print each row as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of which the median counts")
    parser.add_argument("--quick", action="store_true", help="tiny sets, to see that it works")
    parser.add_argument("only", nargs="*", help="what to measure; then no report is written")
    arguments = parser.parse_args()
    unknown = sorted({*arguments.only} - {*NAMES})
    if unknown:
        parser.error(f"{', '.join(unknown)}: what there is: {', '.join(NAMES)}")
    plan = QUICK if arguments.quick else Plan(arguments.runs)
    nix = find_nix()
    rows: list[Row] = []
    points: list[growth.Point] = []
    with scratch_folder() as scratch:
        # Nix' build users read generated wheels from there.
        scratch.chmod(0o755)
        programs = (
            baselines.install(scratch / "baselines") if plan.install_baselines else baselines.uv()
        )
        by_name = measurements(nix, scratch, programs, plan, points)
        print(" | ".join(HEADER))
        for name in arguments.only or NAMES:
            started = time.perf_counter()
            for row in by_name[name]():
                print(" | ".join(row.cells()), flush=True)
                rows.append(row)
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
        if not (arguments.only or arguments.quick):
            write(rows, points, describe(nix, programs), start.python(nix, scratch, "science"))


if __name__ == "__main__":
    try:
        main()
    except FailedError as failure:
        raise SystemExit(f"scripts/bench: this failed: {failure}") from None
