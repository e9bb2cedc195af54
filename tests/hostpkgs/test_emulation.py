"""scripts/emulation: programs of aarch64-linux on this machine, or one line that says why not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.emulation import HANDLERS, runs_aarch64
from tests.support.project import ROOT

SCRIPT = ROOT / "scripts/emulation"
HANDLER = """\
{state}
interpreter /usr/libexec/qemu-binfmt/{cpu}-binfmt-P
flags: {flags}
offset 0
magic 7f454c460201010000000000000000000200b700
mask ffffffffffffff00fffffffffffffffffeffffff
"""


def handlers(
    folder: Path, *, state: str = "enabled", flags: str = "PF", cpu: str = "aarch64"
) -> Path:
    """Write what the kernel shows in its folder of handlers."""
    text = HANDLER.format(state=state, flags=flags, cpu=cpu)
    for name, content in {"register": "", "status": "enabled\n", f"qemu-{cpu}": text}.items():
        (folder / name).write_text(content)
    return folder


def run(preparation: str, command: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a mount namespace of its own, after a command that changes the mounts."""
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{preparation}; {command} {SCRIPT}"],
        capture_output=True,
        text=True,
        check=False,
    )


# scripts/test installs the emulator where it may ask the network.
@pytest.mark.index
def test_a_machine_that_has_a_handler_is_left_alone() -> None:
    assert runs_aarch64(), "run scripts/emulation"
    done = run(":", "setpriv --reuid 65534 --clear-groups")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_handler_that_a_sandbox_would_not_find_is_told(tmp_path: Path) -> None:
    handlers(tmp_path, flags="P")
    done = run(f"mount --bind {tmp_path} {HANDLERS}", "")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "lacks the flag F" in done.stderr


def test_a_user_is_told_to_run_it_as_root(tmp_path: Path) -> None:
    done = run(f"mount --bind {tmp_path} {HANDLERS}", "setpriv --reuid 65534 --clear-groups")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "run scripts/emulation once as root" in done.stderr


@pytest.mark.index
def test_a_container_that_may_not_register_is_told_where_to(tmp_path: Path) -> None:
    restricted = "setpriv --bounding-set -sys_admin --inh-caps -sys_admin"
    done = run(f"mount --bind {tmp_path} {HANDLERS}", restricted)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "binfmt_misc cannot be mounted (permission denied); register" in done.stderr


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ({}, True),
        ({"flags": "P"}, False),
        ({"state": "disabled"}, False),
        ({"cpu": "riscv64"}, False),
    ],
)
def test_only_an_enabled_fixed_handler_of_aarch64_counts(
    tmp_path: Path, handler: dict[str, object], expected: bool
) -> None:
    assert runs_aarch64(handlers(tmp_path, **handler)) is expected  # type: ignore[arg-type]


def test_a_machine_without_handlers_runs_none(tmp_path: Path) -> None:
    assert not runs_aarch64(tmp_path / "missing")
