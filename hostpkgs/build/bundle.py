"""Unpack Debian packages that are one package in nixpkgs into its store path.

Environment: that of deb.py (without links), and moves ("from=to …", folders below the store path,
the first that fits counts), variables ("NAME=glob …", below the store path: where programs find
their files), python (an interpreter to compile bytecode with, may be empty).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import deb
import join
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
    join.name_libraries(out / "lib")
    libraries = {
        path.name: path
        for folder in (*dependencies, out)
        for path in sorted((folder / "lib").glob("*.so*"))
    }
    for path in sorted(out.glob("lib/girepository-1.0/*.typelib")):
        path.write_bytes(typelib.with_paths(path.read_bytes(), libraries))
    if os.environ["python"]:
        _compile(out)
    if variables := _words("variables"):
        wrap(out, dict(variable.split("=") for variable in variables), os.environ["shell"])


def moved(path: str | None, moves: Sequence[tuple[str, str]]) -> str | None:
    """Return where a file goes of which deb.py says `path`; None for one that is left out."""
    if path is None:
        return None
    for old, new in moves:
        if path.startswith(f"{old}/"):
            return f"{new}{path[len(old) :]}"
    return path


def wrap(out: Path, variables: dict[str, str], shell: str) -> None:
    """Set variables for every program, where the user hasn't: each names the path of a glob."""
    lines = [f"#!{shell}"]
    for name, pattern in sorted(variables.items()):
        found = next(iter(sorted(out.glob(pattern))))
        lines.append(f"export {name}=${{{name}-{found}}}")
    for path in sorted((out / "bin").iterdir()):
        if not path.is_symlink():
            program = out / "libexec" / path.name
            program.parent.mkdir(exist_ok=True)
            path.rename(program)
            path.write_text("\n".join([*lines, f'exec {program} "$@"', ""]))
            path.chmod(0o755)


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
