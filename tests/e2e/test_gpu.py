"""An environment that Nix has built finds the GPU driver of the machine that it runs on."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.c_compiler import find_compiler
from tests.support.documents import code_blocks, console_commands, run_commands
from tests.support.host_driver import NUMBER, OPEN, HostDriver, links_in
from tests.support.nix import environment
from tests.support.project import ROOT
from tests.support.wheels import Wheel

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]

LOCK = """\
wheelhouse: 1
python: "3.11"
systems:
  x86_64-linux:
    glibc: "2.35"
groups:
  default:
    - "demo"
closure:
  demo: "1.0"
packages:
  - name: "demo"
    version: "1.0"
links:
  - name: "demo-1.0-py3-none-linux_x86_64.whl"
    path: "wheels/demo-1.0-py3-none-linux_x86_64.whl"
    package: "demo"
    version: "1.0"
    systems:
      - "x86_64-linux"
"""
DOCUMENT = (ROOT / "docs" / "gpu.md").read_text(encoding="utf-8")
[COMMANDS] = map(console_commands, code_blocks(DOCUMENT, "console"))
DRIVER_FOLDERS = "WHEELHOUSE_DRIVER_FOLDERS"
ENVIRONMENTS = f"""
  env = {environment("gpu", 'driver = "host";')};
  application = library.makePythonPypiApplication {{
    package = "demo"; sourcesYaml = ./sources.yaml; driver = "host";
  }};
"""
USER = "int number(void); int user(void) { return 1 + number(); }"
# A package with a library that needs libcuda.so.1, as an extension for CUDA does.
MODULE = """
import ctypes, os, subprocess

def main():
    library = os.path.join(os.path.dirname(os.path.realpath(__file__)), "libuser.so.1")
    print(ctypes.CDLL(library).user(), flush=True)
    subprocess.run(["env"], check=True)
"""


@pytest.fixture
def driver(tmp_path: Path) -> HostDriver:
    """Return a folder with a driver, a C library and a driver of another version."""
    host = HostDriver(find_compiler(tmp_path / "host"))
    host.folder.mkdir()
    host.add_driver("9.9.9", 9)
    host.add_driver()
    for name in ("libc.so.6", "libstdc++.so.6"):
        shutil.copy(host.folder / "libcuda.so.1", host.folder / name)
    return host


def test_packages_open_the_host_s_driver(nix, user_flake, driver: HostDriver, tmp_path: Path):
    user = find_compiler(tmp_path).compile(
        "libuser.so.1", USER, "-shared", "-fPIC", os.fspath(driver.folder / "libcuda.so.1")
    )
    wheel = Wheel(
        "demo",
        files={"demo/__init__.py": MODULE, "demo/libuser.so.1": user.read_bytes()},
        tag="py3-none-linux_x86_64",
        entry_points="[console_scripts]\ndemo = demo:main\n",
    )
    folder = user_flake(ENVIRONMENTS, sources=LOCK)
    wheel.write(folder / "wheels").rename(folder / "wheels" / wheel.archive_name)
    env = {
        "PATH": os.environ["PATH"],
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        DRIVER_FOLDERS: str(driver.folder),
    }

    def printed(output: str, *command: str, **variables: str) -> list[str]:
        program, *arguments = command
        path = nix.build(f"path:.#{output}", cwd=folder) / "bin" / program
        return subprocess.run(
            [path, *arguments], env=env | variables, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    assert printed("env", "python", "-c", OPEN) == [NUMBER]
    assert set(links_in(tmp_path / "cache").values()) == {
        "libcuda.so.1.2.3",
        "libnvidia-ptxjitcompiler.so.1.2.3",
    }
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {OPEN!r}])"
    assert printed("env", "python", "-c", child) == [NUMBER]
    for output in ("env", "application"):
        number, *variables = printed(output, "demo")
        assert number == str(int(NUMBER) + 1)
        assert not [line for line in variables if line.startswith(("LD_", "WHEELHOUSE_DRIVER="))]
    settings = [f"export {name}={env[name]}" for name in ("XDG_CACHE_HOME", DRIVER_FOLDERS)]
    lines = [line.replace(".#", "path:.#") for line in COMMANDS]
    told = run_commands(nix, [*settings, *lines], folder, tmp_path / "bin")
    assert "libcuda.so.1 opens" in told.splitlines()[-1]
    report = nix.build("path:.#env.report", cwd=folder).read_text()
    assert "libcuda.so.1" in report.partition("GPU driver")[2]
