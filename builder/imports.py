"""Import every top-level module of every package of an environment, and report all that fail."""

import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from builder.compile_tree import cores
from builder.errors import BuildError

# A module's name, before the suffixes of its kind (`.py`, `.cpython-311-x86_64-linux-gnu.so`).
MODULE = re.compile(r"([^\W\d]\w*)(\.py|(\.[\w-]+)?\.so)?")


def main(spec: dict[str, Any], out: Path) -> None:
    """Import with the environment's own Python, a process a module; `out` lists what was done.

    Raises BuildError naming every package and module that can't be imported, and why.
    """
    modules = [
        (package["name"], module)
        for package in spec["packages"]
        for module in top_level(Path(package["path"], spec["sitePackages"]))
    ]
    with ThreadPoolExecutor(cores()) as pool:
        errors = list(pool.map(lambda named: failure(spec["python"], named[1]), modules))
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


def top_level(site: Path) -> list[str]:
    """The names that a package's site-packages makes importable, sorted.

    A folder counts when Python code or an extension lies somewhere in it (PEP 420).
    """
    names = set()
    for entry in site.iterdir():
        found = MODULE.fullmatch(entry.name)
        if found is None or (entry.is_dir() and not holds_modules(entry)):
            continue
        if entry.is_dir() or found.group(2):
            names.add(found.group(1))
    return sorted(names)


def holds_modules(folder: Path) -> bool:
    """Whether a folder is a package: it has an `__init__`, or modules below it."""
    return any(name.endswith((".py", ".so")) for _, _, files in os.walk(folder) for name in files)


def failure(python: str, module: str) -> str | None:
    """Why a module can't be imported; None when it can."""
    done = subprocess.run(
        [python, "-I", "-c", f"import {module}"],
        # Some write a cache on import, or look for a screen.
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
