"""Measure the builder's step for one wheel: memory for a large one, computing for a small one."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import large_wheel
from bench.growth import write_lock_of, write_wheel
from bench.nix import Nix
from bench.running import Command, cpu, in_turns, run
from bench.step import step
from bench.table import Row

# Libraries in a wheel, and megabytes of each.
WHEELS = ((1, 300), (8, 250))
# What any program imports that unpacks a wheel, checks it against RECORD and compiles it. It ends
# as the step does, without freeing every object.
IMPORTS = "import base64, csv, hashlib, json, os, py_compile, zipfile; os._exit(0)"
# What a large wheel may take beside a small one, in MB: its pieces, and the ELF reader.
LARGE = 30


def rows(nix: Nix, scratch: Path, runs: int, wheels: Sequence[tuple[int, int]]) -> Iterator[Row]:
    """Measure wheels with so many libraries of so many megabytes, which need a new rpath."""
    folder = scratch / "unpack"
    folder.mkdir()
    wheel = write_wheel(folder, "small", "1", "")
    lock = folder / "small.yaml"
    write_lock_of(nix, lock, {"small": wheel})
    small = step(nix, lock, "small", wheel, folder / "small")
    empty, importing = (Command([small.builder, "-sSB", "-c", code]) for code in ("pass", IMPORTS))
    ours, nothing, imports = in_turns(
        10 * runs, small, lambda _number: run(empty), lambda _number: run(importing)
    )
    what = "unpacking a small pure wheel: CPU"
    milliseconds, floor = cpu(ours) * 1000, cpu(imports) * 1000
    yield Row(what, "ms", milliseconds, "`python -c pass`", cpu(nothing) * 1000)
    yield Row(what, "ms", milliseconds, "importing what that needs of Python", floor, 1.3 * floor)
    small_memory = small.peaks()[0] / 1e6
    for libraries, megabytes in wheels:
        place = folder / f"large-{libraries}"
        wheel = large_wheel.write(place, libraries, megabytes)
        lock = place / "sources.yaml"
        write_lock_of(nix, lock, {large_wheel.NAME: wheel})
        python, largest = step(nix, lock, large_wheel.NAME, wheel, place / "step").peaks()
        shutil.rmtree(place)
        what = f"unpacking {libraries} x {megabytes} MB that need a new rpath"
        yield Row(
            f"{what}: Python's peak memory",
            "MB",
            python / 1e6,
            "that of a small wheel",
            small_memory,
            small_memory + LARGE,
        )
        yield Row(f"{what}: the largest process", "MB", largest / 1e6, "the library", megabytes)
