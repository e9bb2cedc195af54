"""Prints the folder of a flake that stands in for nixpkgs, or nothing where nixpkgs can be had.

Usage: python3 hostpkgs/seed PROJECT CACHE auto|host|flake
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from interpreters import executables
from libc import find
from signature import flake_signature, machine_signature
from state import locked, write_atomically


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 after one line on stderr."""
    project, cache, mode = Path(arguments[0]), Path(arguments[1]), arguments[2]
    if mode == "flake":
        return 0
    if mode == "auto":
        from nixpkgs import is_available, read_pin

        if is_available(read_pin(project / "flake.lock"), cache):
            return 0
    try:
        print(stand_in(project, cache))
    except Exception as error:  # the one place where a person is told
        print(f"scripts/nix: {error}", file=sys.stderr)
        return 1
    return 0


def stand_in(project: Path, cache: Path) -> Path:
    """The generated flake's folder, made anew only when something that it depends on changed."""
    pythons = executables(os.environ)
    libc = find()
    machine = machine_signature(project, pythons, libc.folder if libc else "")
    state = cache / "state" / flake_signature(project, machine)
    known = _known(state)
    if known is None:
        with locked(cache):
            known = _known(state)
            if known is None:
                from flake import generate

                known = generate(project, cache, cache / "state" / f"{machine}.json", pythons)
                write_atomically(state, str(known))
    return known


def _known(state: Path) -> Path | None:
    try:
        flake = Path(state.read_text())
    except OSError:
        return None
    return flake if (flake / "seeds.json").exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
