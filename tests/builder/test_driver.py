"""An environment with `driver = "host"` finds the driver's libraries, and nothing else there."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.support.builder_steps import Builder, Environment
from tests.support.c_compiler import Compiler, find_compiler
from tests.support.host_driver import NUMBER, OPEN, VERSION, HostDriver, links_in
from tests.support.interpreter_wrapper import with_libraries
from tests.support.wheels import Wheel

FILES_OF_DRIVER = {
    "libcuda.so.1": f"libcuda.so.{VERSION}",
    f"libcuda.so.{VERSION}": f"libcuda.so.{VERSION}",
    "libnvidia-ptxjitcompiler.so.1": f"libnvidia-ptxjitcompiler.so.{VERSION}",
    f"libnvidia-ptxjitcompiler.so.{VERSION}": f"libnvidia-ptxjitcompiler.so.{VERSION}",
}
NOT_FOUND = "libcuda.so.1: cannot open shared object file"


@dataclass(frozen=True)
class Machine:
    """An environment on a host, whose driver's folder and the user's cache a variable names each.

    A variable that is None is unset.
    """

    environment: Environment
    driver: HostDriver
    cache: Path

    def run(self, *arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python."""
        folder = self.driver.folder
        given: dict[str, str | None] = {
            "WHEELHOUSE_DRIVER_FOLDERS": f"{folder.with_name('none')}:{folder}",
            "XDG_CACHE_HOME": str(self.cache),
            **variables,
        }
        env = {name: value for name, value in given.items() if value is not None}
        return self.environment.run("python", *arguments, env=env)

    def opened(self, **variables: str | None) -> str:
        """Open the driver as packages do; return what is printed."""
        done = self.run("-c", OPEN, **variables)
        return done.stdout.strip() or done.stderr.strip().rpartition("\n")[2]

    def explained(self, **variables: str | None) -> tuple[int, str]:
        """Return the exit code and the text of `python -m wheelhouse_driver`."""
        done = self.run("-m", "wheelhouse_driver", **variables)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def hosted(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment that looks for a driver in /no/such/driver and /no/other."""
    folder = tmp_path_factory.mktemp("hosted")
    folders = [Path("/no/such/driver"), Path("/no/other")]
    compiler = find_compiler(folder)
    return with_libraries(Builder(program, folder), compiler, [], driver_folders=folders)


@pytest.fixture
def driver(compiler: Compiler) -> HostDriver:
    """Return the host's folder, which is empty."""
    folder = compiler.folder / "host"
    folder.mkdir()
    return HostDriver(replace(compiler, folder=folder))


@pytest.fixture
def machine(hosted: Environment, driver: HostDriver, tmp_path: Path) -> Machine:
    """Return an environment on a host that looks into two folders there, of which one exists."""
    return Machine(hosted, driver, tmp_path / "cache")


def test_the_driver_s_libraries_are_opened_and_linked_and_no_others(machine: Machine) -> None:
    host = machine.driver
    host.add("nvidia-ml", "9.9.9", "int own(void) { return 9; }")
    host.add_driver("9.9.9", 9)
    host.add_driver()
    for name in ("libc.so.6", "libstdc++.so.6", "libcudart.so.12"):
        shutil.copy(host.folder / "libcuda.so.1", host.folder / name)
    assert machine.opened() == NUMBER
    assert links_in(machine.cache) == FILES_OF_DRIVER
    code, text = machine.explained()
    assert code == 0
    assert f"GPU driver: {host.folder}/libcuda.so.1, version {VERSION}\n" in text
    assert (
        f"Left out:\n  libnvidia-ml.so.1: {host.folder}/libnvidia-ml.so.9.9.9 is of version 9.9.9, "
        f"and libcuda.so.1 of version {VERSION}\n"
    ) in text
    assert "libcuda.so.1 opens, and cuInit(0) returns 0.\n" in text


def test_children_of_the_environment_find_it_and_others_inherit_nothing(machine: Machine) -> None:
    machine.driver.add_driver()
    child = (
        "import subprocess, sys; "
        f"subprocess.run([sys.executable, '-c', {OPEN!r}]); "
        "subprocess.run(['env'])"
    )
    for variables in ({}, {"LD_LIBRARY_PATH": "/of/the/caller"}):
        done = machine.run("-c", child, PATH=os.environ["PATH"], **variables)
        number, *lines = done.stdout.splitlines()
        assert number == NUMBER
        hidden = ("LD_LIBRARY_PATH", "WHEELHOUSE_DRIVER=", "WHEELHOUSE_SAVED")
        inherited = [line for line in lines if line.startswith(hidden)]
        assert inherited == [f"{name}={value}" for name, value in variables.items()]


def test_without_a_driver_nothing_is_written(machine: Machine) -> None:
    assert NOT_FOUND in machine.opened(WHEELHOUSE_DRIVER_FOLDERS=None)
    assert not machine.cache.exists()
    assert machine.explained(WHEELHOUSE_DRIVER_FOLDERS=None) == (
        1,
        "No GPU driver: there is no libcuda.so.1 in\n  /no/such/driver\n  /no/other\n"
        "  the folders that /etc/ld.so.cache names\n"
        "WHEELHOUSE_DRIVER_FOLDERS may name other folders, separated by colons.\n",
    )


def test_the_environment_s_own_folders_are_looked_into(
    builder: Builder, compiler: Compiler, driver: HostDriver, tmp_path: Path
) -> None:
    driver.add_driver()
    folders = [tmp_path / "none", driver.folder]
    environment = with_libraries(builder, compiler, [], driver_folders=folders)
    machine = Machine(environment, driver, tmp_path / "cache")
    assert machine.opened(WHEELHOUSE_DRIVER_FOLDERS=None) == NUMBER


def test_a_variable_names_the_folders(machine: Machine) -> None:
    machine.driver.add_driver()
    folder = machine.driver.folder
    assert machine.opened(WHEELHOUSE_DRIVER_FOLDERS=f"here:/no/such/folder::{folder}") == NUMBER
    relative = os.path.relpath(folder)
    assert NOT_FOUND in machine.opened(WHEELHOUSE_DRIVER_FOLDERS=relative)
    assert machine.explained(WHEELHOUSE_DRIVER_FOLDERS=f"{relative}:/no") == (
        1,
        "No GPU driver: there is no libcuda.so.1 in\n"
        f"  {relative}: it is no absolute path\n  /no\n",
    )
    for none in ("", ":"):
        code, text = machine.explained(WHEELHOUSE_DRIVER_FOLDERS=none)
        assert (code, text) == (1, "No GPU driver: WHEELHOUSE_DRIVER_FOLDERS names no folder.\n")


def test_a_known_driver_is_not_looked_at_again(machine: Machine) -> None:
    machine.driver.add_driver()
    imported = "import sys; print('wheelhouse_driver' in sys.modules)"
    assert machine.run("-c", imported).stdout == "True\n"
    (folder,) = (machine.cache / "wheelhouse" / "driver").iterdir()
    before = [(path.name, path.lstat().st_ino, path.lstat().st_mtime_ns)
              for path in sorted(folder.iterdir())]  # fmt: skip
    changed = folder.stat().st_mtime_ns
    assert machine.run("-c", imported).stdout == "False\n"
    assert machine.opened() == NUMBER
    assert folder.stat().st_mtime_ns == changed
    assert before == [(path.name, path.lstat().st_ino, path.lstat().st_mtime_ns)
                      for path in sorted(folder.iterdir())]  # fmt: skip


@pytest.mark.parametrize("later", [1, 999_999_999, 5_000_000_001])
def test_a_library_that_is_installed_later_is_linked(machine: Machine, later: int) -> None:
    """The host's folder has another time then, in nanoseconds."""
    machine.driver.add_driver()
    folder, seconds = machine.driver.folder, 1_700_000_000 * 10**9
    os.utime(folder, ns=(seconds, seconds))
    assert machine.opened() == NUMBER
    machine.driver.add("nvidia-encode", VERSION, "int own(void) { return 3; }")
    os.utime(folder, ns=(seconds, seconds + later))
    code = "import ctypes; print(ctypes.CDLL('libnvidia-encode.so.1').own())"
    assert machine.run("-c", code).stdout == "3\n"


def test_a_new_version_of_the_driver_has_links_of_its_own(machine: Machine) -> None:
    machine.driver.add_driver()
    assert machine.opened() == NUMBER
    machine.driver.add_driver("1.2.4", 50)
    assert machine.opened() == "50"
    assert len(list((machine.cache / "wheelhouse" / "driver").iterdir())) == 2


def test_a_driver_for_a_newer_glibc_is_told_once_and_not_loaded(machine: Machine) -> None:
    machine.driver.add_driver()
    machine.driver.add_newer("cuda")
    first = machine.run("-c", "pass")
    assert first.returncode == 0
    assert first.stderr.startswith(
        f"wheelhouse: the host's GPU driver, {machine.driver.folder}/libcuda.so.1 of version "
        f"{VERSION}, is not used: it needs glibc 9.99, and the environment has "
    )
    assert machine.run("-c", "pass").stderr == ""
    assert NOT_FOUND in machine.opened()
    assert links_in(machine.cache) == {}
    code, text = machine.explained()
    assert code == 1
    assert "is not used: it needs glibc 9.99" in text


def test_a_single_library_for_a_newer_glibc_is_left_out(machine: Machine) -> None:
    machine.driver.add_driver()
    machine.driver.add_newer("nvoptix")
    assert machine.opened() == NUMBER
    assert links_in(machine.cache) == FILES_OF_DRIVER
    assert "  libnvoptix.so.1: it needs glibc 9.99, and " in machine.explained()[1]


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        (
            {"XDG_CACHE_HOME": "/dev/null/cache"},
            "can't write to /dev/null/cache/wheelhouse/driver/",
        ),
        ({"XDG_CACHE_HOME": None}, "neither XDG_CACHE_HOME nor HOME is an absolute path"),
        ({"XDG_CACHE_HOME": "here", "HOME": "there"}, "neither XDG_CACHE_HOME nor HOME"),
        ({"XDG_CACHE_HOME": "/tmp/a:b"}, "a library path can't have /tmp/a:b/wheelhouse/driver/"),
    ],
)
def test_without_a_place_for_the_links_the_start_is_silent(
    machine: Machine, variables: dict[str, str | None], reason: str
) -> None:
    machine.driver.add_driver()
    done = machine.run("-c", "print('started')", **variables)
    assert (done.stdout, done.stderr) == ("started\n", "")
    assert NOT_FOUND in machine.opened(**variables)
    code, text = machine.explained(**variables)
    assert code == 1
    assert f"It is not used: {reason}" in text


def test_the_cache_is_in_the_home_folder_by_default(machine: Machine, tmp_path: Path) -> None:
    machine.driver.add_driver()
    assert machine.opened(XDG_CACHE_HOME=None, HOME=str(tmp_path / "home")) == NUMBER
    assert links_in(tmp_path / "home" / ".cache") == FILES_OF_DRIVER


def test_many_first_starts_at_once_find_it(machine: Machine) -> None:
    machine.driver.add_driver()
    with ThreadPoolExecutor(8) as pool:
        printed = set(pool.map(lambda _: machine.opened(), range(16)))
    assert printed == {NUMBER}
    assert links_in(machine.cache) == FILES_OF_DRIVER


def test_a_folder_for_another_machine_is_passed_over(machine: Machine) -> None:
    machine.driver.add_driver()
    first = machine.driver.folder.with_name("none")
    first.mkdir()
    content = bytearray((machine.driver.folder / "libcuda.so.1").read_bytes())
    content[18:20] = (3).to_bytes(2, "little")
    (first / "libcuda.so.1").write_bytes(content)
    assert machine.opened() == NUMBER
    text = machine.explained(WHEELHOUSE_DRIVER_FOLDERS=str(first))[1]
    assert f"  {first}: libcuda.so.1 is for another machine\n" in text


def test_a_driver_without_versions_in_its_names_is_linked(machine: Machine) -> None:
    """That of WSL has none."""
    machine.driver.add_driver()
    folder = machine.driver.folder
    for name in ("libcuda", "libnvidia-ptxjitcompiler"):
        (folder / f"{name}.so.{VERSION}").replace(folder / f"{name}.so.1")
    shutil.copy(folder / "libcuda.so.1", folder / "libdxcore.so")
    machine.driver.add("nvidia-container", "1.14.3", "int own(void) { return 0; }")
    assert machine.opened() == NUMBER
    assert set(links_in(machine.cache)) == {
        "libcuda.so.1",
        "libdxcore.so",
        "libnvidia-ptxjitcompiler.so.1",
    }


def test_a_library_without_a_link_of_its_soname_is_linked(machine: Machine) -> None:
    """In a container nobody may have run ldconfig."""
    machine.driver.add_driver()
    (machine.driver.folder / "libnvidia-ptxjitcompiler.so.1").unlink()
    assert machine.opened() == NUMBER


def test_a_damaged_library_is_left_out(machine: Machine) -> None:
    machine.driver.add_driver()
    folder = machine.driver.folder
    whole = (folder / "libcuda.so.1").read_bytes()
    for number, size in enumerate((0, 3, 40, 100, len(whole) // 3)):
        (folder / f"libnvidia-{number}.so.{VERSION}").write_bytes(whole[:size])
        (folder / f"libnvidia-{number}.so.1").symlink_to(f"libnvidia-{number}.so.{VERSION}")
    assert machine.opened() == NUMBER
    assert links_in(machine.cache) == FILES_OF_DRIVER
    text = machine.explained()[1]
    assert text.count(": it can't be read as a 64-bit library\n") == 5


def test_find_library_knows_the_driver(machine: Machine) -> None:
    machine.driver.add_driver()
    code = "from ctypes.util import find_library as f; print(f('cuda'), f('nvidia-ml'))"
    for _ in range(2):
        assert machine.run("-c", code).stdout == "libcuda.so.1 None\n"


def test_the_loader_s_cache_names_further_folders(
    builder: Builder, compiler: Compiler, driver: HostDriver, tmp_path: Path
) -> None:
    driver.add_driver()
    ldconfig = shutil.which("ldconfig", path="/sbin:/usr/sbin") or shutil.which("ldconfig")
    assert ldconfig, "no ldconfig: it is part of libc-bin"
    cache, configuration = tmp_path / "ld.so.cache", tmp_path / "ld.so.conf"
    configuration.write_text(f"{driver.folder}\n")
    subprocess.run([ldconfig, "-C", cache, "-f", configuration], check=True, capture_output=True)
    environment = with_libraries(
        builder, compiler, [], driver_folders=[tmp_path / "none"], loader_cache=cache
    )
    machine = Machine(environment, driver, tmp_path / "cache")
    assert machine.opened(WHEELHOUSE_DRIVER_FOLDERS=None) == NUMBER


def test_a_library_of_a_wheel_finds_the_driver_that_it_needs(
    builder: Builder, compiler: Compiler, driver: HostDriver, patchelf: str, tmp_path: Path
) -> None:
    driver.add_driver()
    user = compiler.compile(
        "libuser.so.1",
        "int number(void); int user(void) { return 1 + number(); }",
        *("-shared", "-fPIC", os.fspath(driver.folder / "libcuda.so.1")),
    )
    files: dict[str, str | bytes] = {"demo/libuser.so.1": user.read_bytes()}
    wheel = Wheel("demo", files=files, tag="py3-none-linux_x86_64")
    package = builder.unpack(wheel, patchelf=patchelf, driverPath=str(tmp_path / "nixos"))
    environment = with_libraries(
        builder, compiler, [], driver_folders=[driver.folder], packages=[package]
    )
    path = environment.site / "demo" / "libuser.so.1"
    done = Machine(environment, driver, tmp_path / "cache").run(
        "-c", f"import ctypes; print(ctypes.CDLL({str(path)!r}).user())"
    )
    assert done.stdout == "43\n", done.stderr
