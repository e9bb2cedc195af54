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


OPENING = Wheel(
    "opening",
    files={
        "opening/__init__.py": "from opening.loader import magic\n",
        "opening/loader.py": 'import ctypes.util\nmagic = ctypes.util.find_library("magic")\n',
        "opening/images.py": 'import ctypes\nzbar = ctypes.CDLL("libzbar.so.0")\n',
    },
)


def test_the_report_names_what_is_opened_by_name(builder: Builder) -> None:
    site = f"{RUNNING_PYTHON.site}/opening"
    assert builder.report([builder.unpack(OPENING)]).splitlines() == [
        "Libraries that Python code opens by name are missing:",
        "  libmagic.so (loader.py:2 of opening) → pkgs.file",
        "Write into the arguments of makePythonPypiEnvironment:",
        "  searchPaths.rpath = [ pkgs.file ];",
        "",
        "Opened by name:",
        f"  opening 1.0  {site}/loader.py:2  libmagic.so  missing",
        "",
        "Opened by name in modules that no package imports:",
        f"  opening 1.0  {site}/images.py:2  libzbar.so.0  → pkgs.zbar",
    ]


def test_the_report_says_what_the_package_set_lacks(builder: Builder) -> None:
    user = Wheel("user", files={"user.py": "from opening import images\n"})
    packages = [builder.unpack(OPENING), builder.unpack(user)]
    assert builder.report(packages, lacking=["zbar"]).splitlines()[:6] == [
        "Libraries that Python code opens by name are missing:",
        "  libmagic.so (loader.py:2 of opening) → pkgs.file",
        "  libzbar.so.0 (images.py:2 of opening) → pkgs.zbar, which the package set lacks",
        "What the package set lacks, the package may do without; else take a set that has it.",
        "Write into the arguments of makePythonPypiEnvironment:",
        "  searchPaths.rpath = [ pkgs.file ];",
    ]


def test_an_opening_that_another_package_imports_is_needed(builder: Builder) -> None:
    user = Wheel("user", files={"user.py": "from opening import images\n"})
    packages = [builder.unpack(OPENING), builder.unpack(user)]
    assert "searchPaths.rpath = [ pkgs.file pkgs.zbar ];" in builder.report(packages)


def test_the_report_says_where_a_library_is_that_is_opened(builder: Builder) -> None:
    folder = builder.scratch / "libraries"
    folder.mkdir()
    (folder / "libmagic.so.1").touch()
    bringer = Wheel("bringer", files={"bringer/libzbar.so.0": ""}, tag=TAG)
    packages = [builder.unpack(OPENING), builder.unpack(bringer)]
    assert builder.report(packages, directories=[folder]).splitlines() == [
        "No native library is missing.",
        "",
        "Opened by name:",
        f"  opening 1.0  {RUNNING_PYTHON.site}/opening/loader.py:2  libmagic.so  {folder}",
        "",
        "Opened by name in modules that no package imports:",
        f"  opening 1.0  {RUNNING_PYTHON.site}/opening/images.py:2  libzbar.so.0  bringer",
    ]


def test_a_report_of_another_system_says_nothing_of_names(builder: Builder) -> None:
    report = builder.report([builder.unpack(OPENING)], directories=None)
    assert report == "No package needs a native library.\n"
