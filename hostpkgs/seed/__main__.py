"""Print the folder of the host package set's flake, or nothing where nixpkgs is reached.

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
    """Print the folder; return the exit code 0, or 1 after one line on stderr."""
    project, cache, mode = Path(arguments[0]), Path(arguments[1]), arguments[2]
    if mode == "flake":
        return 0
    if mode == "auto":
        from nixpkgs import is_available, read_pin

        if is_available(read_pin(project / "flake.lock"), cache):
            return 0
    try:
        print(host_flake(project, cache))
    except Exception as error:  # every error ends as one line for the user
        print(f"scripts/nix: {error}", file=sys.stderr)
        return 1
    return 0


def host_flake(project: Path, cache: Path) -> Path:
    """Return the generated flake's folder, made anew when something that it depends on changed."""
    pythons = executables(os.environ)
    libc = find()
    machine = machine_signature(project, pythons, libc.folder if libc else "")
    state = cache / "state" / flake_signature(project, machine)
    current = _current(state)
    if current is None:
        with locked(cache):
            current = _current(state)
            if current is None:
                from flake import generate

                current = generate(project, cache, cache / "state" / f"{machine}.json", pythons)
                write_atomically(state, str(current))
    return current


def _current(state: Path) -> Path | None:
    try:
        flake = Path(state.read_text())
    except OSError:
        return None
    return flake if (flake / "seeds.json").exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
