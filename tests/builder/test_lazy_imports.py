"""Lazy modules are loaded when they are used, and not before."""

import os
import subprocess
from pathlib import Path

from tests.support.builder_steps import RUNNING_PYTHON

UNLOADED = "[n for n, module in sys.modules.items() if type(module).__name__ == '_LazyModule']"


def run(program: Path, *lines: str) -> list[str]:
    """Run lines of code as the builder at `program` runs a step; return the printed words."""
    start = [
        "import sys",
        f"sys.path.insert(0, {os.fspath(program)!r})",
        "from builder import lazy_imports",
        "lazy_imports.install()",
    ]
    command = [RUNNING_PYTHON.executable, "-sSB", "-c", "\n".join([*start, *lines])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_step_does_not_load_modules_that_it_does_not_use(program: Path) -> None:
    unloaded = run(program, "import builder.unpack", f"print(*{UNLOADED})")
    assert {"bz2", "lzma"} <= {*unloaded}


def test_a_lazy_module_is_loaded_when_it_is_used(program: Path) -> None:
    printed = run(
        program,
        "import ipaddress",
        f"print('ipaddress' in {UNLOADED})",
        "print(ipaddress.ip_address('127.0.0.1').is_loopback)",
        f"print('ipaddress' in {UNLOADED})",
    )
    assert printed == ["True", "True", "False"]


def test_importing_a_missing_module_raises_an_error(program: Path) -> None:
    printed = run(
        program,
        "import builder.lazy_imports",
        "builder.lazy_imports.LAZY_MODULES = {'no_such_module'}",
        "try:",
        "    import no_such_module",
        "except ModuleNotFoundError as error:",
        "    print(error.name)",
    )
    assert printed == ["no_such_module"]


def test_garbage_collection_is_off(program: Path) -> None:
    assert run(program, "import gc", "print(gc.isenabled())") == ["False"]
