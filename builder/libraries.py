"""Find the libraries that programs of an environment may open by plain name.

The program `runtime/interpreter.c` is compiled with the library path that this step writes; the
start-up module `runtime/_wheelhouse_libraries.py` reads its table of sonames.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from builder.bytecode import compile_tree
from native.elf import read_elf

# The line of the driver's module that is filled in.
EMPTY_FOLDERS = "FOLDERS: list[str] = []"
LIBRARY_FILE = re.compile(r"lib(?P<name>.+?)\.so(?P<version>(?:\.\d+)*)")


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the start-up module to `out`/site, and the library path to `out`/path.

    The library path has those of `spec["directories"]` that contain libraries. With
    `spec["driver"]`, the module that finds the host's GPU driver stands beside it: a file, and the
    folders where a driver is looked for.
    """
    sonames = {directory: read_sonames(directory) for directory in spec["directories"]}
    used = [directory for directory, names in sonames.items() if names]
    if sonames and not used:
        print(f"wheelhouse: there is no library in {' nor in '.join(sonames)}", file=sys.stderr)
    # The loader takes a library from the first directory that has it.
    table: dict[str, str] = {}
    for names in sonames.values():
        table = names | table
    site = out / "site"
    site.mkdir(parents=True)
    shutil.copy(spec["module"], site / "_wheelhouse_libraries.py")
    (site / "_wheelhouse_sonames.py").write_text(
        f"SONAMES = {json.dumps(table, indent=4, sort_keys=True)}\n", encoding="utf-8"
    )
    if "driver" in spec:
        folders = json.dumps(spec["driver"]["folders"])
        text = Path(spec["driver"]["module"]).read_text("utf-8")
        filled = text.replace(EMPTY_FOLDERS, EMPTY_FOLDERS.replace("[]", folders))
        (site / "wheelhouse_driver.py").write_text(filled, encoding="utf-8")
    compile_tree(spec["python"], site)
    (out / "path").write_text(":".join(used or sonames), encoding="utf-8")


def read_sonames(directory: str) -> dict[str, str]:
    """Return the sonames of the libraries in a directory, by the name that `cc -l` takes.

    The newest of several versions counts. A directory that doesn't exist has none. Linker scripts
    are ignored, since the loader can't read them.
    """
    names: dict[str, str] = {}
    entries = sorted(os.listdir(directory), key=version_key) if os.path.isdir(directory) else []
    for entry in entries:
        match = LIBRARY_FILE.fullmatch(entry)
        elf = read_elf(Path(directory, entry), entry) if match else None
        if match is None or elf is None:
            continue
        loadable = elf.soname is not None and os.path.exists(f"{directory}/{elf.soname}")
        names[match["name"]] = elf.soname if elf.soname and loadable else entry
    return names


def version_key(entry: str) -> tuple[int, ...]:
    """Return a key that sorts `libx.so.1.2` by its version; a file without one comes last."""
    match = LIBRARY_FILE.fullmatch(entry)
    numbers = tuple(map(int, match["version"].split(".")[1:])) if match else ()
    return (0, *numbers) if numbers else (1,)
