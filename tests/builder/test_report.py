"""What a person is told of an environment's native libraries."""

from builder.library_check import Need
from builder.report import missing_rows, section
from tests.support.builder_steps import OWN, Builder
from tests.support.c_compiler import Compiler
from tests.support.wheels import Wheel

TAG = "py3-none-linux_x86_64"


def test_missing_libraries_are_told_with_the_attribute_that_has_them() -> None:
    needs = [Need("demo 1.0", "x/long/path.so", "libGL.so.1"), Need("d 2", "y.so", "libown.so")]
    assert section("missing:", missing_rows(needs)).splitlines() == [
        "missing:",
        "  demo 1.0  x/long/path.so  libGL.so.1  nixpkgs: libglvnd",
        "  d 2       y.so            libown.so",
    ]


def test_the_report_lists_what_is_missing_and_what_was_found(
    builder: Builder, compiler: Compiler, patchelf: str
) -> None:
    two = compiler.library("libtwo.so.1", 2)
    graphics = compiler.library("libGL.so.1", 3)
    files = {
        "demo/one.so": compiler.library("libone.so.1", needs=two).read_bytes(),
        "demo/draw.so": compiler.library("libdraw.so.1", needs=graphics).read_bytes(),
    }
    given = compiler.folder / "given"
    given.mkdir()
    two.rename(given / two.name)
    library = {"attribute": "two", "directory": str(given)}
    package = builder.unpack(
        Wheel("demo", files=files, tag=TAG), patchelf=patchelf, libraries=[library]
    )
    assert builder.report([package]).splitlines() == [
        "Missing; add the package that has it to searchPaths.rpath:",
        f"  demo 1.0  {OWN.site}/demo/draw.so  libGL.so.1  nixpkgs: libglvnd",
        "",
        "Found in the package set:",
        f"  demo 1.0  {OWN.site}/demo/one.so  libtwo.so.1  two",
    ]


def test_packages_without_native_files_need_nothing(builder: Builder) -> None:
    package = builder.unpack(Wheel("pure", files={"pure.py": ""}))
    assert builder.report([package]) == "No package needs a native library.\n"
