"""What the builder's start leaves for later, and that it is there when it is wanted."""

import os
import subprocess
from pathlib import Path

from tests.support.builder_steps import OWN

LEFT = "[name for name, found in sys.modules.items() if type(found).__name__ == '_LazyModule']"


def run(program: Path, *lines: str) -> list[str]:
    """The words that a program prints which begins as the builder at `program` does."""
    start = [
        "import sys",
        f"sys.path.insert(0, {os.fspath(program)!r})",
        "from builder.lazy_imports import prepare",
        "prepare()",
    ]
    command = [OWN.executable, "-sSB", "-c", "\n".join([*start, *lines])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_step_does_not_load_what_it_never_uses(program: Path) -> None:
    left = run(program, "import builder.unpack", f"print(*{LEFT})")
    assert {"email.header", "ipaddress"} <= {*left}


def test_what_was_left_is_loaded_when_it_is_used(program: Path) -> None:
    printed = run(
        program,
        "import ipaddress",
        f"print('ipaddress' in {LEFT})",
        "print(ipaddress.ip_address('127.0.0.1').is_loopback)",
        f"print('ipaddress' in {LEFT})",
    )
    assert printed == ["True", "True", "False"]


def test_a_module_that_is_missing_stays_an_error(program: Path) -> None:
    printed = run(
        program,
        "import builder.lazy_imports",
        "builder.lazy_imports.LATE = {'no_such_module'}",
        "try:",
        "    import no_such_module",
        "except ModuleNotFoundError as error:",
        "    print(error.name)",
    )
    assert printed == ["no_such_module"]


def test_nothing_is_collected(program: Path) -> None:
    assert run(program, "import gc", "print(gc.isenabled())") == ["False"]
