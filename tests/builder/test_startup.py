"""What the builder's start leaves for later, and that it is there when it is wanted."""

import subprocess

from bootstrapping import ROOT
from driving import OWN

UNLOADED = "[name for name, module in sys.modules.items() if type(module).__name__ == '_LazyModule']"


def run(*lines: str) -> str:
    """What a program prints that begins as the builder does."""
    program = ["import sys", "from builder.startup import prepare", "prepare()", *lines]
    return subprocess.run(
        [OWN.executable, "-c", "\n".join(program)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_a_step_does_not_load_what_it_never_uses() -> None:
    unloaded = run("import builder.unpack", f"print(*{UNLOADED})").split()
    assert {"email.header", "ipaddress"} <= {*unloaded}


def test_what_was_left_is_loaded_when_it_is_used() -> None:
    printed = run(
        "import ipaddress",
        f"print('ipaddress' in {UNLOADED})",
        "print(ipaddress.ip_address('127.0.0.1').is_loopback)",
        f"print('ipaddress' in {UNLOADED})",
    )
    assert printed.split() == ["True", "True", "False"]


def test_a_module_that_is_missing_stays_an_error() -> None:
    printed = run(
        "import builder.startup",
        "builder.startup.LATE = {'no_such_module'}",
        "try:",
        "    import no_such_module",
        "except ModuleNotFoundError as error:",
        "    print(error)",
    )
    assert printed == "No module named 'no_such_module'\n"


def test_nothing_is_collected() -> None:
    assert run("import gc", "print(gc.isenabled())") == "False\n"
