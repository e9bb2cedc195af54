"""Finish an interpreter that a derivation has compiled and installed into `out`.

Environment: executable (its name below bin/), glibc, loader, patchelf, out.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import elf
from interpreter import STUBS, compile_library

# nixpkgs has tkinter in a package of its own; the rest is of no use to an environment
_UNWANTED = ("ensurepip/_bundled", "idlelib", "test", "tkinter", "turtledemo")
_STORE_PATH = re.compile(r"(?<=/nix/store/)([0-9a-z]{32})(?=-)")


def main() -> None:
    """Leave out what no environment uses, and wire and compile the rest."""
    out, libc = Path(os.environ["out"]), Path(os.environ["glibc"])
    name = os.environ["executable"]
    library = out / "lib" / name
    for folder in _UNWANTED:
        shutil.rmtree(library / folder, ignore_errors=True)
    for cache in sorted(library.rglob("__pycache__")):
        shutil.rmtree(cache)
    _forget_inputs(out)
    _let_start(out, out / "bin" / name, libc)
    compile_library(out / "bin" / name, library)


def _forget_inputs(out: Path) -> None:
    """Name in texts no store path but the interpreter's own: they would belong to its closure."""
    own = out.name[:32]
    for path in (
        *out.glob("lib/python*/_sysconfig*"),
        *out.glob("lib/python*/build-details.json"),
        *out.glob("lib/python*/config-*/Makefile"),
        *out.glob("lib/pkgconfig/*.pc"),
        *out.glob("bin/*-config"),
    ):
        if not path.is_symlink():
            text = path.read_text()
            path.write_text(
                _STORE_PATH.sub(lambda match: match[1] if match[1] == own else "e" * 32, text)
            )


def _let_start(out: Path, executable: Path, libc: Path) -> None:
    """Name libc and the interpreter's own folder for the whole process, as interpreter.py does.

    musl's libraries are all in its loader.
    """
    of_libc = {path.name for path in (libc / "lib").iterdir()}
    stubs = [argument for stub in STUBS if stub in of_libc
             for argument in ("--remove-needed", stub, "--add-needed", stub)]  # fmt: skip
    elf.patchelf(
        "--force-rpath", "--set-rpath", f"{libc}/lib:{out}/lib", *stubs, paths=[str(executable)]
    )


if __name__ == "__main__":
    main()
