"""Unpack Debian packages that are one package in nixpkgs into its store path.

Environment: that of deb.py (without links), and moves ("from=to …", folders below the store path,
the first that fits counts), python (an interpreter to compile bytecode with, may be empty).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import deb
import typelib

if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Make the store path that the environment variables describe."""
    out = Path(os.environ["out"])
    (out / "lib").mkdir(parents=True)
    moves = [(old, new) for old, _, new in (move.partition("=") for move in _words("moves"))]
    for package in _words("debs"):
        deb.unpack(Path(package), out, lambda name: moved(deb.target_path(name), moves))
    if os.environ["shell"]:
        deb.rewrite_shebangs(out / "bin", os.environ["shell"])
    dependencies = [Path(path) for path in _words("dependencies")]
    deb.wire(out, dependencies)
    libraries = {
        path.name: path
        for folder in (*dependencies, out)
        for path in sorted((folder / "lib").glob("*.so*"))
    }
    for path in sorted(out.glob("lib/girepository-1.0/*.typelib")):
        path.write_bytes(typelib.with_paths(path.read_bytes(), libraries))
    if os.environ["python"]:
        _compile(out)


def moved(path: str | None, moves: Sequence[tuple[str, str]]) -> str | None:
    """Return where a file goes of which deb.py says `path`; None for one that is left out."""
    if path is None:
        return None
    for old, new in moves:
        if path.startswith(f"{old}/"):
            return f"{new}{path[len(old) :]}"
    return path


def _compile(out: Path) -> None:
    """Compile to bytecode that never goes stale: in the store every file has the same time."""
    subprocess.run(
        [os.environ["python"], "-I", "-S", "-m", "compileall", "-q",
         "--invalidation-mode", "unchecked-hash", out],
        check=True, env={"PYTHONHASHSEED": "0"}, stdout=sys.stderr,
    )  # fmt: skip


def _words(name: str) -> list[str]:
    return os.environ[name].split()


if __name__ == "__main__":
    main()
