"""scripts/other-pythons: free-threaded Pythons and musl, each compiled from its source.

The interpreters are compiled first, some minutes each, and then kept by the store.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.other_pythons import Result, read_packages, rebuild, try_column
from tests.support.nix import Nix, environment, sandbox_run
from tests.support.project import ROOT

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.large]

COLUMNS, PACKAGES = read_packages(ROOT / "docs/native-packages/other-pythons.yaml")
FREE_THREADED = [column for column in COLUMNS if column.endswith("t")]
# What free-threaded builds are about: at least numpy, and ten others.
FEWEST = 11


@pytest.fixture
def app(nix: Nix, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the built lock app; the scripts run the same Nix."""
    for name, value in nix.variables.items():
        monkeypatch.setenv(name, value)
    return str(nix.build(".#lock") / "bin" / "lock")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Return where the lock is written."""
    return tmp_path / "sources.yaml"


def errors(results: dict[str, Result]) -> dict[str, str]:
    """Return the errors of results by package."""
    return {name: one.error for name, one in results.items() if one.error is not None}


@pytest.mark.one_nix
@pytest.mark.parametrize("column", FREE_THREADED)
def test_packages_leave_the_gil_off(column: str, app: str, lock: Path) -> None:
    results = try_column(app, column, PACKAGES, lock)
    assert errors(results) == {}
    assert not results[""].gil, "the interpreter itself has the GIL"
    off = {name for name, one in results.items() if name and not one.gil}
    assert "numpy" in off
    if column != "3.13t":
        assert len(off) >= FEWEST, sorted(results.keys() - off)
    rebuild(lock, musl=False)


@pytest.mark.one_nix
def test_packages_compute_on_musl(app: str, lock: Path) -> None:
    results = try_column(app, "3.14 musl", PACKAGES, lock)
    assert errors(results) == {}
    assert {"django", "numpy", "lxml", "cryptography"} <= results.keys()
    rebuild(lock, musl=True)


OPENING = """
import ctypes.util, os, sysconfig
assert sysconfig.get_platform() == "linux-x86_64", sysconfig.get_platform()
assert sysconfig.get_config_var("EXT_SUFFIX").endswith("-x86_64-linux-musl.so")
assert ctypes.util.find_library("z") == "libz.so.1"
assert ctypes.CDLL("libz.so.1").zlibVersion
libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
assert libc.getpid() == os.getpid() and not hasattr(libc, "gnu_get_libc_version")
assert "LD_LIBRARY_PATH" not in os.environ
open(os.environ["out"], "w").write("passed")
"""


@pytest.mark.one_nix
def test_programs_on_musl_open_libraries_by_name(nix: Nix, user_flake: Callable[..., Path]) -> None:
    made = environment("musl", "searchPaths.rpath = [ pkgs.pkgsMusl.zlib ];")
    check = sandbox_run(f"(wheelhouse.lib.mkLib pkgs.pkgsMusl).{made}", '"-B" ./program.py')
    folder = user_flake(f"check = {check};", requirements='msgpack: "*"\n')
    (folder / "program.py").write_text(OPENING, encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux-musl", "3.14", "requirements.yaml", "sources.yaml")
    assert nix.build("path:.#check", cwd=folder).read_text(encoding="utf-8") == "passed"
