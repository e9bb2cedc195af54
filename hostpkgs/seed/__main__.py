"""Print the folder of the host package set's flake, or nothing where nixpkgs is reached.

Usage: python3 hostpkgs/seed PROJECT CACHE auto|host|flake|SUITE
SUITE is the name of a Debian suite, such as testing: the package set is then made of it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from interpreters import executables
from libc import find
from signature import flake_signature, machine_signature, suite_signature
from state import locked, write_atomically

if TYPE_CHECKING:
    from private_apt import PrivateApt

_MODES = ("auto", "host", "flake")


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
        print(host_flake(project, cache, None if mode in _MODES else mode))
    except Exception as error:  # every error ends as one line for the user
        whose = "" if mode in _MODES else f"WHEELHOUSE_NIXPKGS={mode}: "
        print(f"scripts/nix: {whose}{error}", file=sys.stderr)
        return 1
    return 0


def host_flake(project: Path, cache: Path, suite: str | None = None) -> Path:
    """Return the generated flake's folder, made anew when something that it depends on changed.

    `suite` names the Debian suite that its packages are of, None stands for the machine's own.
    """
    pythons = executables(os.environ)
    libc = find()
    machine = machine_signature(project, pythons, libc.folder if libc else "")
    signatures = [machine]
    apt = None
    if suite is not None:
        from private_apt import for_suite

        apt = for_suite(cache, suite)
        apt.update()
        signatures.append(suite_signature(project, apt.files()))
    state = cache / "state" / flake_signature(project, signatures)
    current = _current(state)
    if current is None:
        with locked(cache):
            current = _current(state)
            if current is None:
                current = _generate(project, cache, pythons, signatures, apt)
                write_atomically(state, str(current))
    return current


def _generate(
    project: Path,
    cache: Path,
    pythons: list[str],
    signatures: list[str],
    apt: PrivateApt | None,
) -> Path:
    import flake

    machine = cache / "state" / f"{signatures[0]}.json"
    if apt is None:
        return flake.generate(project, cache, machine, pythons)
    return flake.generate_suite(
        project, cache, machine, pythons, apt, apt.folder / f"{signatures[1]}.json"
    )


def _current(state: Path) -> Path | None:
    try:
        flake = Path(state.read_text())
    except OSError:
        return None
    return flake if (flake / "seeds.json").exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
