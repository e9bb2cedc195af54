"""Import every top-level module of every package of an environment, and report all that fail."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from builder.compile_tree import core_count
from builder.errors import BuildError

# A module's name, before the suffix of a source or extension module (`.py`,
# `.cpython-311-x86_64-linux-gnu.so`).
MODULE_FILE = re.compile(r"([^\W\d]\w*)(\.py|(\.[\w-]+)?\.so)?")


def main(spec: dict[str, Any], out: Path) -> None:
    """Import each module in a process of its own, and list the modules in the file `out`.

    Raises BuildError naming every package and module that can't be imported, and why.
    """
    modules = [
        (package["name"], module)
        for package in spec["packages"]
        for module in top_level_modules(Path(package["path"], spec["sitePackages"]))
    ]
    with ThreadPoolExecutor(core_count()) as pool:
        errors = list(pool.map(lambda pair: import_error(spec["python"], pair[1]), modules))
    failures = [
        f"  {package}: import {module}: {error}"
        for (package, module), error in zip(modules, errors, strict=True)
        if error is not None
    ]
    if failures:
        raise BuildError(
            f"{len(failures)} of {len(modules)} modules can't be imported:\n" + "\n".join(failures)
        )
    out.write_text("".join(f"{name}: {module}\n" for name, module in modules), encoding="utf-8")


def top_level_modules(site: Path) -> list[str]:
    """Return the names that a package's site-packages makes importable, sorted.

    A folder without `__init__.py` counts if it contains modules (PEP 420).
    """
    names = set()
    for entry in site.iterdir():
        match = MODULE_FILE.fullmatch(entry.name)
        if match is None or (entry.is_dir() and not contains_modules(entry)):
            continue
        if entry.is_dir() or match.group(2):
            names.add(match.group(1))
    return sorted(names)


def contains_modules(folder: Path) -> bool:
    """Return whether source or extension modules are anywhere below a folder."""
    return any(name.endswith((".py", ".so")) for _, _, files in os.walk(folder) for name in files)


def import_error(python: str, module: str) -> str | None:
    """Return why a module can't be imported; None if it can."""
    done = subprocess.run(
        [python, "-I", "-c", f"import {module}"],
        # Some packages write a cache on import, or look for a display.
        env={"HOME": os.getcwd(), "TMPDIR": os.getcwd(), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return lines[-1] if lines else f"the interpreter ended with {done.returncode}"
