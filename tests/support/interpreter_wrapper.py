"""Compose environments whose `bin/python` is the program that starts the interpreter."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.builder_steps import Builder, Environment, Package
from tests.support.c_compiler import Compiler
from tests.support.project import ROOT

RUNTIME = ROOT / "runtime"


def with_libraries(
    builder: Builder,
    compiler: Compiler,
    folders: Sequence[Path],
    *,
    driver_folders: Sequence[Path] | None = None,
    loader_cache: Path | None = None,
    packages: Sequence[Package] = (),
) -> Environment:
    """Compose an environment with a wrapper of the interpreter, as the Nix library does.

    With `driver_folders`, it looks for the host's driver there, and then in `loader_cache`.
    """
    wrapper = builder.scratch / "wrapper"
    spec: dict[str, Any] = {
        "directories": [os.fspath(path) for path in folders],
        "python": builder.python.executable,
        "module": os.fspath(RUNTIME / "_wheelhouse_libraries.py"),
    }
    sources = [RUNTIME / "interpreter.c"]
    definitions = {"PYTHON": builder.python.executable}
    if driver_folders is not None:
        names = [os.fspath(path) for path in driver_folders]
        spec["driver"] = {
            "module": os.fspath(RUNTIME / "wheelhouse_driver.py"),
            "folders": names,
        }
        sources.append(RUNTIME / "driver.c")
        definitions["DRIVER_FOLDERS"] = ":".join(names)
        definitions["LOADER_CACHE"] = os.fspath(loader_cache or "/nowhere")
    done = builder.run_step("libraries", spec, wrapper)
    assert done.returncode == 0, done.stderr
    (wrapper / "bin").mkdir()
    definitions["DIRECTORIES"] = (wrapper / "path").read_text()
    subprocess.run(
        [compiler.program, "-Wall", "-Wextra", "-Werror", "-O2", *sources]
        + [f'-D{name}="{value}"' for name, value in definitions.items()]
        + ["-o", wrapper / "bin" / "python"],
        check=True,
    )
    return builder.compose(packages, wrapper=wrapper)
