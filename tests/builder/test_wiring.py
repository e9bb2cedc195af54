"""ELF files of wheels find the libraries that they need, and no other files are changed."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from native.elf import Elf, read_elf
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, Package, error_message
from tests.support.c_compiler import Compiler
from tests.support.record_check import record_mismatches
from tests.support.wheels import Wheel

PLATFORM_TAG = "py3-none-linux_x86_64"
LOAD = "import ctypes; print(ctypes.CDLL({path!r}).{function}())"


def native_wheel(name: str, files: dict[str, str | bytes]) -> Wheel:
    """Return a wheel for this platform."""
    return Wheel(name, files=files, tag=PLATFORM_TAG)


@pytest.fixture
def options(compiler: Compiler, patchelf: str, tmp_path: Path) -> dict[str, Any]:
    """Return options of `unpack`: patchelf, and a folder with `libtwo.so.1`, which returns 2."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    compiler.library("libtwo.so.1", 2).rename(folder / "libtwo.so.1")
    library = {"attribute": "two", "directory": str(folder)}
    missing = {"attribute": "gone", "directory": str(tmp_path / "gone")}
    return {"patchelf": patchelf, "libraries": [missing, library]}


@pytest.fixture
def one(compiler: Compiler, options: dict[str, Any]) -> Path:
    """Return the library `libone.so.1`, which adds 1 to the result of `libtwo.so.1`."""
    folder = Path(options["libraries"][1]["directory"])
    return compiler.library("libone.so.1", 1, needed=folder / "libtwo.so.1")


def load(environment: Environment, path: str, function: str) -> subprocess.CompletedProcess[str]:
    """Load a library of site-packages in a new interpreter, and print what its function returns."""
    code = LOAD.format(path=str(environment.site / path), function=function)
    return environment.run("python", "-c", code)


def elf_of(package: Package, path: str) -> Elf:
    """Return the dynamic section of a file of an unpacked wheel."""
    elf = read_elf(package.path / path, path)
    assert elf is not None
    return elf


def test_a_library_finds_the_library_that_it_needs(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **options)
    assert package.log == ""
    environment = builder.compose([package])
    done = load(environment, "demo/libone.so.1", "one")
    assert done.stdout == "3\n", done.stderr
    folder = options["libraries"][1]["directory"]
    assert package.notes["native"]["patched"] == [
        {
            "file": f"{RUNNING_PYTHON.site}/demo/libone.so.1",
            "addedDirectories": [folder],
            "interpreter": None,
            "resolved": [{"soname": "libtwo.so.1", "attribute": "two"}],
        }
    ]
    assert record_mismatches(environment, "demo") == []


def test_a_library_in_a_folder_below_is_found(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    folder = Path(options["libraries"][1]["directory"])
    below = folder / "mariadb"
    below.mkdir()
    (folder / "libtwo.so.1").rename(below / "libtwo.so.1")
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **options)
    assert package.notes["native"]["patched"][0]["addedDirectories"] == [str(below)]
    done = load(builder.compose([package]), "demo/libone.so.1", "one")
    assert done.stdout == "3\n", done.stderr


def test_a_missing_library_is_warned_about(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **{**options, "libraries": []})
    assert package.log == ""
    path = f"{RUNNING_PYTHON.site}/demo/libone.so.1"
    assert package.notes["native"]["externalNeeds"] == [
        {"path": path, "directories": [], "sonames": ["libtwo.so.1"]}
    ]
    out = builder.scratch / "out"
    done = builder.try_compose([package], out)
    assert done.returncode == 0
    assert done.stderr == (
        "wheelhouse: native libraries are missing:\n  libtwo.so.1 (libone.so.1 of demo)\n"
        "For a library without an attribute, add the package of nixpkgs that has it to "
        "searchPaths.rpath.\n"
    )
    loaded = load(Environment(out, RUNNING_PYTHON), "demo/libone.so.1", "one")
    assert "libtwo.so.1: cannot open shared object file" in loaded.stderr


def test_with_strict_a_missing_library_is_an_error(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **{**options, "libraries": []})
    message = error_message(builder.try_compose([package], builder.scratch / "out", strict=True))
    assert "libtwo.so.1" in message
    complete = builder.unpack(replace(wheel, version="2.0"), **options)
    assert builder.try_compose([complete], builder.scratch / "complete", strict=True).stderr == ""


def test_a_driver_s_library_is_found_in_the_system_s_driver_path(
    builder: Builder, compiler: Compiler, options: dict[str, Any], tmp_path: Path
) -> None:
    driver = compiler.library("libcuda.so.1", 7)
    user = compiler.library("libuser.so.1", 1, needed=driver)
    wheel = native_wheel("demo", {"demo/libuser.so.1": user.read_bytes()})
    system = tmp_path / "driver"
    package = builder.unpack(wheel, **options, driverPath=str(system))
    environment = builder.compose([package], strict=True)
    done = load(environment, "demo/libuser.so.1", "user")
    assert "libcuda.so.1: cannot open shared object file" in done.stderr
    system.mkdir()
    driver.rename(system / driver.name)
    assert load(environment, "demo/libuser.so.1", "user").stdout == "8\n"


@pytest.mark.parametrize("tag", ["rpath", "runpath"])
def test_own_entries_stay_first_in_their_tag(
    builder: Builder, compiler: Compiler, options: dict[str, Any], tag: str
) -> None:
    folder = options["libraries"][1]["directory"]
    needed = Path(folder, "libtwo.so.1")
    library = compiler.library(
        "libone.so.1", needed=needed, search_path="$ORIGIN/x:/opt/lib", tag=tag
    )
    wheel = native_wheel("demo", {"demo/libone.so.1": library.read_bytes()})
    elf = elf_of(builder.unpack(wheel, **options), f"{RUNNING_PYTHON.site}/demo/libone.so.1")
    own, other = (elf.rpath, elf.runpath) if tag == "rpath" else (elf.runpath, elf.rpath)
    assert own == ("$ORIGIN/x", folder)
    assert other is None


def test_a_file_without_a_search_path_gets_an_rpath(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    elf = elf_of(builder.unpack(wheel, **options), f"{RUNNING_PYTHON.site}/demo/libone.so.1")
    assert (elf.rpath, elf.runpath) == ((options["libraries"][1]["directory"],), None)


def test_a_library_of_the_package_itself_is_preferred(
    builder: Builder, compiler: Compiler, options: dict[str, Any]
) -> None:
    own = compiler.library("libtwo.so.1", 20)
    one = compiler.library("libone.so.1", 1, needed=own, search_path="$ORIGIN/../demo.libs")
    files: dict[str, str | bytes] = {
        "demo/libone.so.1": one.read_bytes(),
        "demo.libs/libtwo.so.1": own.read_bytes(),
    }
    package = builder.unpack(native_wheel("demo", files), **options)
    assert package.notes["native"]["patched"] == []
    assert (
        package.path / RUNNING_PYTHON.site / "demo/libone.so.1"
    ).read_bytes() == one.read_bytes()
    assert load(builder.compose([package]), "demo/libone.so.1", "one").stdout == "21\n"


def test_files_that_lack_no_library_stay_byte_for_byte(
    builder: Builder, compiler: Compiler, options: dict[str, Any]
) -> None:
    main = "int main(void) { return 0; }"
    files: dict[str, str | bytes] = {
        "demo/plain.so": compiler.library("libplain.so.1").read_bytes(),
        "demo/static": compiler.compile("static", main, "-static").read_bytes(),
        "demo/static-pie": compiler.compile("static-pie", main, "-static-pie").read_bytes(),
        "demo/object.o": compiler.compile("object.o", main, "-c").read_bytes(),
        "demo/text.so": "GROUP ( libtwo.so.1 )",
        "demo/cut.so": compiler.library("libcut.so.1").read_bytes()[:100],
        "demo/magic": b"\x7fELF",
    }
    package = builder.unpack(native_wheel("demo", files), **options)
    assert package.log == ""
    assert package.notes["native"]["patched"] == []
    for path, content in files.items():
        expected = content.encode() if isinstance(content, str) else content
        assert (package.path / RUNNING_PYTHON.site / path).read_bytes() == expected


@pytest.mark.parametrize("folder", ["data/scripts", "data/data/libexec"])
def test_a_program_of_a_wheel_gets_the_interpreter_s_program_interpreter(
    builder: Builder, compiler: Compiler, options: dict[str, Any], folder: str
) -> None:
    code = 'int two(void); int printf(const char *, ...); int main(void) { printf("%d", two()); }'
    needed = Path(options["libraries"][1]["directory"], "libtwo.so.1")
    program = compiler.compile(
        "program", code, str(needed), "-Wl,--dynamic-linker,/nowhere/ld-linux-x86-64.so.2"
    )
    path = f"demo-1.0.{folder}/program"
    wheel = replace(
        native_wheel("demo", {path: program.read_bytes()}), executable=frozenset({path})
    )
    package = builder.unpack(wheel, **options)
    environment = builder.compose([package])
    python = read_elf(Path(RUNNING_PYTHON.executable), "python")
    assert python is not None
    assert python.interpreter is not None
    installed = environment.path / ("bin" if "scripts" in folder else "libexec") / "program"
    elf = read_elf(installed, "program")
    assert elf is not None
    assert elf.interpreter == python.interpreter
    assert elf.rpath == (str(needed.parent), str(Path(python.interpreter).parent))
    done = subprocess.run([installed], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "2"
    assert record_mismatches(environment, "demo") == []


def test_files_keep_their_modes(builder: Builder, options: dict[str, Any], one: Path) -> None:
    path = "demo/libone.so.1"
    wheel = replace(native_wheel("demo", {path: one.read_bytes(), "demo/b.so": one.read_bytes()}))
    package = builder.unpack(replace(wheel, executable=frozenset({path})), **options)
    modes = [
        (package.path / RUNNING_PYTHON.site / name).stat().st_mode & 0o777
        for name in (path, "demo/b.so")
    ]
    assert modes == [0o755, 0o644]


def test_an_error_of_patchelf_is_shown(
    builder: Builder, options: dict[str, Any], one: Path
) -> None:
    wheel = native_wheel("demo", {"demo/libone.so.1": one.read_bytes()})
    message = error_message(builder.try_unpack(wheel, **{**options, "patchelf": "/bin/false"}))
    assert message.startswith("patchelf could not change")
    assert "demo/libone.so.1" in message


def test_an_interpreter_that_is_not_dynamically_linked_is_refused(
    builder: Builder, options: dict[str, Any], tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n")
    spec = {**RUNNING_PYTHON.spec(), "executable": str(python)}
    wheel = native_wheel("demo", {"x.so": b"\x7fELF"})
    message = error_message(builder.try_unpack(wheel, **options, python=spec))
    assert message == f"{python} is not a dynamically linked program"
