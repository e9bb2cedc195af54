"""A backend's output is shown as it comes, in order, and its end is kept."""

import os
import subprocess
import sys
import time

import pytest

from tests.support.project import ROOT

SHOW = """
import os, sys
from builder.shown_output import OutputError, run_shown
try:
    run_shown(sys.argv[1:], None, dict(os.environ))
except OutputError as error:
    print(f"kept {len(error.output)}: {error.output[-9:]!r}")
"""
MIXED = """
import subprocess, sys
for number in range(3):
    print("out", number)
    print("err", number, file=sys.stderr)
    subprocess.run(["echo", f"child {number}"])
sys.exit(1)
"""
IN_ORDER = [f"{word} {number}" for number in range(3) for word in ("out", "err", "child")]


def show(
    *command: str, stdout: int = subprocess.PIPE, stderr: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a program whose output is shown."""
    command = (sys.executable, "-c", SHOW, *command)
    # With this variable a program keeps nothing back, wherever it writes to.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.Popen(command, cwd=ROOT, stdout=stdout, stderr=stderr, env=variables)


def test_on_a_terminal_the_order_of_a_program_and_its_children_is_kept() -> None:
    # Nix gives builders a pseudoterminal.
    read_end, write_end = os.openpty()
    with show(sys.executable, "-c", MIXED, stdout=write_end, stderr=write_end) as process:
        os.close(write_end)
        printed = b""
        try:
            while data := os.read(read_end, 1000):
                printed += data
        except OSError:
            pass
    os.close(read_end)
    assert process.returncode == 0
    assert printed.decode().splitlines()[:9] == IN_ORDER


def test_both_streams_are_shown_and_kept() -> None:
    with show(sys.executable, "-u", "-c", MIXED) as process:
        assert process.stdout is not None
        lines = process.stdout.read().decode().splitlines()
    assert lines[:9] == IN_ORDER
    assert "child 2" in lines[9]


def test_output_is_shown_before_the_program_ends() -> None:
    code = "import time; print('begun', flush=True); time.sleep(60)"
    with show(sys.executable, "-c", code) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        assert process.poll() is None
        process.terminate()


def test_of_much_output_the_end_is_kept() -> None:
    code = "import sys; print('x' * 3_000_000); print('the end'); sys.exit(1)"
    with show(sys.executable, "-c", code) as process:
        assert process.stdout is not None
        shown = process.stdout.read().decode()
    assert len(shown) > 3_000_000
    assert shown.splitlines()[-1] == r"kept 1048576: '\nthe end\n'"


@pytest.mark.parametrize("code", [0, 1])
def test_a_server_that_keeps_the_output_open_is_not_waited_for(code: int) -> None:
    begin = time.monotonic()
    with show("sh", "-c", f"sleep 30 & echo done; exit {code}") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"done\n"
        process.wait(20)
        process.stdout.close()
    assert time.monotonic() - begin < 20
