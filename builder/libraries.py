"""What lets programs of an environment open libraries by plain name: where, and as what."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from builder.bytecode import compile_tree
from builder.elf import read_elf

LIBRARY = re.compile(r"lib(?P<name>.+?)\.so(?P<version>(?:\.\d+)*)")


def main(spec: dict[str, Any], out: Path) -> None:
    """Write the start-up module to `out`/site, and `spec["directories"]` in use to `out`/path."""
    found = {directory: sonames(directory) for directory in spec["directories"]}
    used = [directory for directory, names in found.items() if names]
    if not used:
        print(f"wheelhouse: there is no library in {' nor in '.join(found)}", file=sys.stderr)
    # The first directory that has a library is where the loader finds it.
    table: dict[str, str] = {}
    for names in found.values():
        table = names | table
    site = out / "site"
    site.mkdir(parents=True)
    shutil.copy(spec["module"], site / "_wheelhouse_libraries.py")
    (site / "_wheelhouse_sonames.py").write_text(
        f"SONAMES = {json.dumps(table, indent=4, sort_keys=True)}\n", encoding="utf-8"
    )
    compile_tree(spec["python"], site)
    (out / "path").write_text(":".join(used or found), encoding="utf-8")


def sonames(directory: str) -> dict[str, str]:
    """The libraries in a directory: name as for `cc -l` → soname, the newest one's of several.

    A directory that isn't there has none. A file that the linker alone can read isn't one.
    """
    names: dict[str, str] = {}
    entries = sorted(os.listdir(directory), key=version) if os.path.isdir(directory) else []
    for entry in entries:
        match = LIBRARY.fullmatch(entry)
        elf = read_elf(Path(directory, entry), entry) if match else None
        if match is None or elf is None:
            continue
        loadable = elf.soname is not None and os.path.exists(f"{directory}/{elf.soname}")
        names[match["name"]] = elf.soname if elf.soname and loadable else entry
    return names


def version(entry: str) -> tuple[int, ...]:
    """The numbers of `libx.so.1.2`, for the order of versions; those without any come last."""
    match = LIBRARY.fullmatch(entry)
    numbers = tuple(map(int, match["version"].split(".")[1:])) if match else ()
    return (0, *numbers) if numbers else (1,)
