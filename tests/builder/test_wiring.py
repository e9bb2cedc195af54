"""Real libraries find what they need, and nothing else of them changes."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builder.elf import Elf, read_elf
from tests.support.builder_steps import OWN, Builder, Environment, Package, refusal
from tests.support.c_compiler import Compiler
from tests.support.record_check import unlike_record
from tests.support.wheels import Wheel

PLATFORM_TAG = "py3-none-linux_x86_64"
LOAD = "import ctypes; print(ctypes.CDLL({path!r}).{function}())"


def native(name: str, files: dict[str, str | bytes]) -> Wheel:
    """A wheel for this platform."""
    return Wheel(name, files=files, tag=PLATFORM_TAG)


@pytest.fixture
def given(compiler: Compiler, patchelf: str, tmp_path: Path) -> dict[str, Any]:
    """What `unpack` is given: patchelf, and a folder with `libtwo.so.1`, whose value is 2."""
    folder = tmp_path / "given"
    folder.mkdir()
    compiler.library("libtwo.so.1", 2).rename(folder / "libtwo.so.1")
    library = {"attribute": "two", "directory": str(folder)}
    missing = {"attribute": "gone", "directory": str(tmp_path / "gone")}
    return {"patchelf": patchelf, "libraries": [missing, library]}


@pytest.fixture
def one(compiler: Compiler, given: dict[str, Any]) -> Path:
    """A library `libone.so.1` that adds 1 to what `libtwo.so.1` says."""
    folder = Path(given["libraries"][1]["directory"])
    return compiler.library("libone.so.1", 1, needs=folder / "libtwo.so.1")


def load(environment: Environment, path: str, function: str) -> subprocess.CompletedProcess[str]:
    """Load a library of site-packages in a fresh interpreter, and call its function."""
    code = LOAD.format(path=str(environment.site / path), function=function)
    return environment.run("python", "-c", code)


def elf(package: Package, path: str) -> Elf:
    """What a file of an unpacked tree says of itself."""
    found = read_elf(package.path / path, path)
    assert found is not None
    return found


def test_a_library_finds_what_it_needs(builder: Builder, given: dict[str, Any], one: Path) -> None:
    wheel = native("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **given)
    assert package.log == ""
    environment = builder.compose([package])
    done = load(environment, "demo/libone.so.1", "one")
    assert done.stdout == "3\n", done.stderr
    folder = given["libraries"][1]["directory"]
    assert package.notes["native"]["patched"] == [
        {
            "file": f"{OWN.site}/demo/libone.so.1",
            "added": [folder],
            "interpreter": None,
            "met": [{"soname": "libtwo.so.1", "attribute": "two"}],
        }
    ]
    assert unlike_record(environment, "demo") == []


def test_without_the_library_it_does_not_load_and_is_named(
    builder: Builder, given: dict[str, Any], one: Path
) -> None:
    wheel = native("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **{**given, "libraries": []})
    assert package.log == ""
    path = f"{OWN.site}/demo/libone.so.1"
    assert package.notes["native"]["reaches"] == [
        {"path": path, "directories": [], "sonames": ["libtwo.so.1"]}
    ]
    out = builder.scratch / "out"
    done = builder.try_compose([package], out)
    assert done.returncode == 0
    assert done.stderr == (
        "wheelhouse: native libraries are missing; add the package that has it to "
        f"searchPaths.rpath:\n  demo 1.0  {path}  libtwo.so.1\n"
    )
    loaded = load(Environment(out, OWN), "demo/libone.so.1", "one")
    assert "libtwo.so.1: cannot open shared object file" in loaded.stderr


def test_under_strict_a_missing_library_is_an_error(
    builder: Builder, given: dict[str, Any], one: Path
) -> None:
    wheel = native("demo", {"demo/libone.so.1": one.read_bytes()})
    package = builder.unpack(wheel, **{**given, "libraries": []})
    message = refusal(builder.try_compose([package], builder.scratch / "out", strict=True))
    assert "libtwo.so.1" in message
    whole = builder.unpack(replace(wheel, version="2.0"), **given)
    assert builder.try_compose([whole], builder.scratch / "whole", strict=True).stderr == ""


def test_a_driver_s_library_is_found_where_the_system_keeps_it(
    builder: Builder, compiler: Compiler, given: dict[str, Any], tmp_path: Path
) -> None:
    driver = compiler.library("libcuda.so.1", 7)
    user = compiler.library("libuser.so.1", 1, needs=driver)
    wheel = native("demo", {"demo/libuser.so.1": user.read_bytes()})
    system = tmp_path / "driver"
    package = builder.unpack(wheel, **given, driverPath=str(system))
    environment = builder.compose([package], strict=True)
    done = load(environment, "demo/libuser.so.1", "user")
    assert "libcuda.so.1: cannot open shared object file" in done.stderr
    system.mkdir()
    driver.rename(system / driver.name)
    assert load(environment, "demo/libuser.so.1", "user").stdout == "8\n"


@pytest.mark.parametrize("tag", ["rpath", "runpath"])
def test_own_entries_stay_first_in_the_tag_that_they_have(
    builder: Builder, compiler: Compiler, given: dict[str, Any], tag: str
) -> None:
    folder = given["libraries"][1]["directory"]
    needed = Path(folder, "libtwo.so.1")
    library = compiler.library("libone.so.1", needs=needed, path="$ORIGIN/x:/opt/lib", tag=tag)
    wheel = native("demo", {"demo/libone.so.1": library.read_bytes()})
    found = elf(builder.unpack(wheel, **given), f"{OWN.site}/demo/libone.so.1")
    own, other = (found.rpath, found.runpath) if tag == "rpath" else (found.runpath, found.rpath)
    assert own == ("$ORIGIN/x", folder)
    assert other is None


def test_a_file_without_entries_gets_an_rpath(
    builder: Builder, given: dict[str, Any], one: Path
) -> None:
    wheel = native("demo", {"demo/libone.so.1": one.read_bytes()})
    found = elf(builder.unpack(wheel, **given), f"{OWN.site}/demo/libone.so.1")
    assert (found.rpath, found.runpath) == ((given["libraries"][1]["directory"],), None)


def test_a_library_of_the_package_itself_is_preferred(
    builder: Builder, compiler: Compiler, given: dict[str, Any]
) -> None:
    own = compiler.library("libtwo.so.1", 20)
    one = compiler.library("libone.so.1", 1, needs=own, path="$ORIGIN/../demo.libs")
    files: dict[str, str | bytes] = {
        "demo/libone.so.1": one.read_bytes(),
        "demo.libs/libtwo.so.1": own.read_bytes(),
    }
    package = builder.unpack(native("demo", files), **given)
    assert package.notes["native"]["patched"] == []
    assert (package.path / OWN.site / "demo/libone.so.1").read_bytes() == one.read_bytes()
    assert load(builder.compose([package]), "demo/libone.so.1", "one").stdout == "21\n"


def test_what_lacks_nothing_stays_byte_for_byte(
    builder: Builder, compiler: Compiler, given: dict[str, Any]
) -> None:
    main = "int main(void) { return 0; }"
    files: dict[str, str | bytes] = {
        "demo/plain.so": compiler.library("libplain.so.1").read_bytes(),
        "demo/static": compiler.run("static", main, "-static").read_bytes(),
        "demo/static-pie": compiler.run("static-pie", main, "-static-pie").read_bytes(),
        "demo/object.o": compiler.run("object.o", main, "-c").read_bytes(),
        "demo/text.so": "GROUP ( libtwo.so.1 )",
        "demo/cut.so": compiler.library("libcut.so.1").read_bytes()[:100],
        "demo/magic": b"\x7fELF",
    }
    package = builder.unpack(native("demo", files), **given)
    assert package.log == ""
    assert package.notes["native"]["patched"] == []
    for path, content in files.items():
        expected = content.encode() if isinstance(content, str) else content
        assert (package.path / OWN.site / path).read_bytes() == expected


@pytest.mark.parametrize("place", ["data/scripts", "data/data/libexec"])
def test_a_program_of_a_wheel_runs_with_the_interpreter_s_loader(
    builder: Builder, compiler: Compiler, given: dict[str, Any], place: str
) -> None:
    code = 'int two(void); int printf(const char *, ...); int main(void) { printf("%d", two()); }'
    needed = Path(given["libraries"][1]["directory"], "libtwo.so.1")
    program = compiler.run(
        "program", code, str(needed), "-Wl,--dynamic-linker,/nowhere/ld-linux-x86-64.so.2"
    )
    path = f"demo-1.0.{place}/program"
    wheel = replace(native("demo", {path: program.read_bytes()}), executable=frozenset({path}))
    package = builder.unpack(wheel, **given)
    environment = builder.compose([package])
    python = read_elf(Path(OWN.executable), "python")
    assert python is not None
    assert python.interpreter is not None
    installed = environment.path / ("bin" if "scripts" in place else "libexec") / "program"
    found = read_elf(installed, "program")
    assert found is not None
    assert found.interpreter == python.interpreter
    assert found.rpath == (str(needed.parent), str(Path(python.interpreter).parent))
    done = subprocess.run([installed], env={}, capture_output=True, text=True, check=True)
    assert done.stdout == "2"
    assert unlike_record(environment, "demo") == []


def test_files_keep_their_modes(builder: Builder, given: dict[str, Any], one: Path) -> None:
    path = "demo/libone.so.1"
    wheel = replace(native("demo", {path: one.read_bytes(), "demo/b.so": one.read_bytes()}))
    package = builder.unpack(replace(wheel, executable=frozenset({path})), **given)
    modes = [
        (package.path / OWN.site / name).stat().st_mode & 0o777 for name in (path, "demo/b.so")
    ]
    assert modes == [0o755, 0o644]


def test_patchelf_s_refusal_is_told(builder: Builder, given: dict[str, Any], one: Path) -> None:
    wheel = native("demo", {"demo/libone.so.1": one.read_bytes()})
    message = refusal(builder.try_unpack(wheel, **{**given, "patchelf": "/bin/false"}))
    assert message.startswith("patchelf could not change")
    assert "demo/libone.so.1" in message


def test_an_interpreter_that_is_no_dynamic_program_is_refused(
    builder: Builder, given: dict[str, Any], tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\n")
    options = {**given, "python": {**OWN.spec(), "executable": str(python)}}
    message = refusal(builder.try_unpack(native("demo", {"x.so": b"\x7fELF"}), **options))
    assert message == f"{python} is not a dynamically linked program"
