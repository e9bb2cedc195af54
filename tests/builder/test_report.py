"""The step `report` lists missing and found native libraries."""

from tests.support.builder_steps import RUNNING_PYTHON, Builder
from tests.support.c_compiler import Compiler
from tests.support.wheels import Wheel

TAG = "py3-none-linux_x86_64"


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
        "Native libraries are missing:",
        "  libGL.so.1 (draw.so of demo) → pkgs.libglvnd",
        "Write into the arguments of makePythonPypiEnvironment:",
        "  searchPaths.rpath = [ pkgs.libglvnd ];",
        "",
        "Files that lack a library:",
        f"  demo 1.0  {RUNNING_PYTHON.site}/demo/draw.so  libGL.so.1",
        "",
        "Found in the package set:",
        f"  demo 1.0  {RUNNING_PYTHON.site}/demo/one.so  libtwo.so.1  two",
    ]


def test_packages_without_native_files_need_nothing(builder: Builder) -> None:
    package = builder.unpack(Wheel("pure", files={"pure.py": ""}))
    assert builder.report([package]) == "No package needs a native library.\n"


def test_the_report_names_what_is_left_to_the_driver(
    builder: Builder, compiler: Compiler, patchelf: str
) -> None:
    driver = compiler.library("libcuda.so.1")
    opener = 'const char *names[] = { "libnvidia-ml.so.1", "libcuda.so.1" };'
    files = {
        "demo/user.so": compiler.library("libuser.so.1", needed=driver).read_bytes(),
        "demo/opener.so": compiler.compile("opener.so", opener, "-shared").read_bytes(),
        "demo/other.so": compiler.library("libother.so.1").read_bytes(),
    }
    package = builder.unpack(Wheel("demo", files=files, tag=TAG), patchelf=patchelf)
    site = f"{RUNNING_PYTHON.site}/demo"
    lines = [
        "No native library is missing.",
        "",
        "Left to the GPU driver:",
        f"  demo 1.0  {site}/user.so    libcuda.so.1",
        f"  demo 1.0  {site}/opener.so  libnvidia-ml.so.1  by name",
    ]
    assert builder.report([package]).splitlines() == [
        *lines,
        "On NixOS they are found by files that need them. Write into the arguments of",
        "makePythonPypiEnvironment, to find them by name, too, and on any distribution:",
        '  driver = "host";',
    ]
    assert builder.report([package], host_driver=True).splitlines() == [
        *lines,
        '`driver = "host"` finds them on the machine that runs the environment.',
    ]
