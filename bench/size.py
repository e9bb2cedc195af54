"""What an environment takes in the store: against uv's, its interpreter and its libraries."""

import os
from collections.abc import Iterator
from pathlib import Path

from bench.build import Wheels, salted
from bench.nix import Nix
from bench.running import output
from bench.table import Row


def closure(nix: Nix, *paths: str | Path) -> set[str]:
    """The store paths that some paths need."""
    return set(output(nix.command("nix-store", "--query", "--requisites", *paths)).split())


def size(*folders: str | Path) -> int:
    """The bytes of the files below folders, each file once."""
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


def rows(nix: Nix, scratch: Path, found: Wheels, name: str) -> Iterator[Row]:
    """The closure of a set that is built; `found` are its files."""
    arguments = salted(scratch, name)
    environment = output(nix.build("environment", *arguments))
    packages = set(output(nix.build("packages", *arguments)).split())
    needed = closure(nix, environment)
    own = {environment} | packages
    # What is neither environment nor package: the interpreter and the libraries really used.
    shared = needed - own
    venv = found.kept(scratch)
    ours = size(*needed)
    theirs = size(venv, *shared)
    yield Row(f"closure, {name}", "MB", ours / 1e6, "uv's venv", theirs / 1e6, 1.05 * theirs / 1e6)
