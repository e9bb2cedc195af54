"""Measure an environment's size in the store, against uv's venv with the same dependencies."""

import os
from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted_arguments
from bench.nix import Nix
from bench.running import output
from bench.table import Row


def closure(nix: Nix, *paths: str | Path) -> set[str]:
    """Return the closure of some store paths."""
    return set(output(nix.command("nix-store", "--query", "--requisites", *paths)).split())


def size(*folders: str | Path) -> int:
    """Return the bytes of all files below folders; hard links to one file count once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for name in names:
                status = Path(parent, name).lstat()
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    total += status.st_size
    return total


def rows(nix: Nix, scratch: Path, wheels: Wheels, name: str) -> Iterator[Row]:
    """Measure the closure of a set that is built; `wheels` are the set's."""
    arguments = salted_arguments(scratch, name)
    environment = output(nix.build("environment", *arguments))
    packages = set(output(nix.build("packages", *arguments)).split())
    requisites = closure(nix, environment)
    # The interpreter and the native libraries, which uv's environment needs as well.
    shared = requisites - packages - {environment}
    venv = wheels.uv_venv(scratch)
    ours = size(*requisites)
    theirs = size(venv, *shared)
    yield Row(f"closure, {name}", "MB", ours / 1e6, "uv's venv", theirs / 1e6, 1.05 * theirs / 1e6)
