"""Prints the folder of a flake that stands in for nixpkgs, or nothing where nixpkgs can be had.

Usage: python3 hostpkgs/seed PROJECT CACHE auto|host|flake
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from interpreters import executables
from libc import find
from signature import signature
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
    now = signature(project, pythons, libc.folder if libc else "")
    state = cache / "state.json"
    known = _known(state, now)
    if known is None:
        with locked(cache):
            known = _known(state, now)
            if known is None:
                from flake import generate

                known = generate(project, cache, pythons)
                write_atomically(state, json.dumps({"signature": now, "flake": str(known)}))
    return known


def _known(state: Path, now: str) -> Path | None:
    try:
        known = json.loads(state.read_text())
    except (OSError, ValueError):
        return None
    flake = Path(known["flake"])
    return flake if known["signature"] == now and (flake / "seeds.json").exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
