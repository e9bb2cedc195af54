"""The step `report` lists missing and found native libraries."""

from builder.library_check import NeededLibrary
from builder.report import format_section, missing_rows
from tests.support.builder_steps import RUNNING_PYTHON, Builder
from tests.support.c_compiler import Compiler
from tests.support.wheels import Wheel

TAG = "py3-none-linux_x86_64"


def test_missing_libraries_are_listed_with_their_attribute_of_nixpkgs() -> None:
    libraries = [
        NeededLibrary("demo 1.0", "x/long/path.so", "libGL.so.1"),
        NeededLibrary("d 2", "y.so", "libown.so"),
    ]
    assert format_section("missing:", missing_rows(libraries)).splitlines() == [
        "missing:",
        "  demo 1.0  x/long/path.so  libGL.so.1  nixpkgs: libglvnd",
        "  d 2       y.so            libown.so",
    ]


def test_the_report_lists_missing_and_found_libraries(
    builder: Builder, compiler: Compiler, patchelf: str
) -> None:
    two = compiler.library("libtwo.so.1", 2)
    graphics = compiler.library("libGL.so.1", 3)
    files = {
        "demo/one.so": compiler.library("libone.so.1", needed=two).read_bytes(),
        "demo/draw.so": compiler.library("libdraw.so.1", needed=graphics).read_bytes(),
    }
    folder = compiler.folder / "libraries"
    folder.mkdir()
    two.rename(folder / two.name)
    library = {"attribute": "two", "directory": str(folder)}
    package = builder.unpack(
        Wheel("demo", files=files, tag=TAG), patchelf=patchelf, libraries=[library]
    )
    assert builder.report([package]).splitlines() == [
        "Missing; add the package that has it to searchPaths.rpath:",
        f"  demo 1.0  {RUNNING_PYTHON.site}/demo/draw.so  libGL.so.1  nixpkgs: libglvnd",
        "",
        "Found in the package set:",
        f"  demo 1.0  {RUNNING_PYTHON.site}/demo/one.so  libtwo.so.1  two",
    ]


def test_packages_without_native_files_need_nothing(builder: Builder) -> None:
    package = builder.unpack(Wheel("pure", files={"pure.py": ""}))
    assert builder.report([package]) == "No package needs a native library.\n"
