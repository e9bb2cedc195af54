"""Which changes and external needs are planned for ELF files."""

from dataclasses import replace

import pytest

from builder.wiring import (
    ExternalNeed,
    LibraryDirectory,
    Patch,
    Plan,
    Platform,
    ResolvedLibrary,
    plan_wiring,
)
from native.elf import Elf
from native.needs import exported_sonames
from native.tables import attribute_for_soname

SITE = "lib/python3.11/site-packages"
PLATFORM = Platform("x64", "/store/libc/lib/ld-linux-x86-64.so.2", "/run/driver", "/store")
ZLIB = LibraryDirectory("zlib", "/store/zlib/lib", frozenset({"libz.so.1"}))
CC = LibraryDirectory(
    "stdenv.cc.cc.lib", "/store/cc/lib", frozenset({"libstdc++.so.6", "libz.so.1"})
)
MODULE = Elf(f"{SITE}/demo/_x.so", "x64", ("libz.so.1", "libc.so.6"), None, None, None, None)


def plan_for(*files: Elf, libraries: tuple[LibraryDirectory, ...] = (ZLIB, CC)) -> Plan:
    """Return the plan for a package of these files."""
    return plan_wiring(files, [file.path for file in files], libraries, PLATFORM)


def test_a_file_that_needs_only_libc_is_not_changed() -> None:
    names = ("libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2")
    assert plan_for(replace(MODULE, needed=names)) == Plan((), ())


def test_a_file_gets_the_directory_that_has_its_library() -> None:
    directories = ("/store/zlib/lib",)
    resolved = (ResolvedLibrary("libz.so.1", "zlib"),)
    assert plan_for(MODULE).patches == (
        Patch(MODULE.path, "RPATH", directories, directories, None, resolved),
    )


def test_the_first_directory_that_has_a_library_is_used() -> None:
    (patch,) = plan_for(MODULE, libraries=(CC, ZLIB)).patches
    assert patch.search_path == ("/store/cc/lib",)


def test_directories_are_added_once_in_the_order_of_needed_libraries() -> None:
    (patch,) = plan_for(
        replace(MODULE, needed=("libstdc++.so.6", "libz.so.1", "libstdc++.so.6"))
    ).patches
    assert patch.added_directories == ("/store/cc/lib", "/store/zlib/lib")


@pytest.mark.parametrize(
    "other",
    [
        Elf(f"{SITE}/demo.libs/libz.so.1", "x64", (), None, None, None, None),
        Elf(f"{SITE}/demo.libs/libz-123abc.so", "x64", (), "libz.so.1", None, None, None),
    ],
    ids=["name", "soname"],
)
def test_a_library_of_the_package_itself_is_not_looked_up(other: Elf) -> None:
    assert plan_for(MODULE, other) == Plan((), ())


@pytest.mark.parametrize(
    ("changes", "tag", "search"),
    [
        ({"rpath": ("$ORIGIN/../x",)}, "RPATH", ("$ORIGIN/../x", "/store/zlib/lib")),
        ({"runpath": ("$ORIGIN",)}, "RUNPATH", ("$ORIGIN", "/store/zlib/lib")),
        ({"rpath": ("a",), "runpath": ("$ORIGIN",)}, "RUNPATH", ("$ORIGIN", "/store/zlib/lib")),
        ({"rpath": ("${ORIGIN}/a",)}, "RPATH", ("${ORIGIN}/a", "/store/zlib/lib")),
        ({"rpath": ("/usr/local/lib", "$ORIGIN", ".")}, "RPATH", ("$ORIGIN", "/store/zlib/lib")),
        ({"rpath": ("/store/own/lib",)}, "RPATH", ("/store/own/lib", "/store/zlib/lib")),
        ({"rpath": ("/store/zlib/lib",)}, "RPATH", ("/store/zlib/lib",)),
        ({"rpath": ()}, "RPATH", ("/store/zlib/lib",)),
    ],
)
def test_own_entries_stay_first_in_their_tag(
    changes: dict[str, tuple[str, ...]], tag: str, search: tuple[str, ...]
) -> None:
    (patch,) = plan_for(replace(MODULE, **changes)).patches  # type: ignore[arg-type]
    assert (patch.tag, patch.search_path) == (tag, search)


def test_a_program_gets_the_interpreter_s_program_interpreter_and_libc() -> None:
    program = replace(MODULE, needed=("libc.so.6",), interpreter="/lib64/ld-linux-x86-64.so.2")
    assert plan_for(program).patches == (
        Patch(
            program.path,
            "RPATH",
            ("/store/libc/lib",),
            ("/store/libc/lib",),
            PLATFORM.program_interpreter,
            (),
        ),
    )


@pytest.mark.parametrize(
    "soname", ["libcuda.so.1", "libnvidia-ml.so.1", "libnvcuvid.so.1", "libGLX_nvidia.so.0"]
)
def test_a_driver_s_library_comes_from_the_running_system(soname: str) -> None:
    library = LibraryDirectory("stub", "/store/stub/lib", frozenset({soname}))
    result = plan_for(replace(MODULE, needed=(soname,)), libraries=(library,))
    assert result.patches[0].search_path == ("/run/driver",)
    assert result.patches[0].resolved == (ResolvedLibrary(soname, "the driver"),)
    assert result.external_needs == ()


@pytest.mark.parametrize("machine", ["x86", "AArch64", "PowerPC"])
def test_a_file_for_another_machine_is_not_changed(machine: str) -> None:
    assert plan_for(replace(MODULE, machine=machine, needed=("nosuch.so",))) == Plan((), ())


def test_every_library_that_is_not_found_is_listed() -> None:
    result = plan_for(
        replace(MODULE, needed=("liba.so.1", "libz.so.1", "libb.so")),
        replace(MODULE, path="other.so", needed=("liba.so.1",)),
    )
    assert result.external_needs == (
        ExternalNeed(MODULE.path, (), ("liba.so.1", "libb.so")),
        ExternalNeed("other.so", (), ("liba.so.1",)),
    )
    assert [patch.path for patch in result.patches] == [MODULE.path]


@pytest.mark.parametrize(
    ("soname", "expected"),
    [
        ("libstdc++.so.6", "stdenv.cc.cc.lib"),
        ("libasound.so.2.0.0", "alsa-lib"),
        ("libfoo.so.1", None),
        ("libz.so", "zlib"),
    ],
)
def test_the_attribute_does_not_depend_on_the_version(soname: str, expected: str | None) -> None:
    assert attribute_for_soname(soname) == expected


TORCH = Elf(
    f"{SITE}/torch/lib/libtorch.so",
    "x64",
    ("libcublas.so.12", "libz.so.1"),
    None,
    None,
    ("$ORIGIN", "$ORIGIN/../../nvidia/cublas/lib", "$ORIGIN/../../nvidia/cudnn/lib"),
    None,
)


def test_an_external_need_has_the_directories_where_the_file_looks() -> None:
    result = plan_for(TORCH)
    assert result.external_needs == (
        ExternalNeed(
            TORCH.path,
            (f"{SITE}/torch/lib", f"{SITE}/nvidia/cublas/lib", f"{SITE}/nvidia/cudnn/lib"),
            ("libcublas.so.12",),
        ),
    )
    assert result.patches[0].added_directories == ("/store/zlib/lib",)


def test_a_file_that_lacks_no_library_has_only_directories_of_other_packages() -> None:
    complete = replace(TORCH, needed=("libz.so.1",))
    inside = replace(complete, runpath=("$ORIGIN", "$ORIGIN/../../torch.libs", "$ORIGIN/.."))
    other = Elf(f"{SITE}/torch.libs/x.so", "x64", (), None, None, None, None)
    assert plan_for(inside, other).external_needs == ()
    folders = (f"{SITE}/nvidia/cublas/lib", f"{SITE}/nvidia/cudnn/lib")
    assert plan_for(complete).external_needs == (ExternalNeed(TORCH.path, folders, ()),)


def test_an_entry_that_leaves_the_environment_is_no_directory_of_it() -> None:
    result = plan_for(replace(TORCH, runpath=("$ORIGIN/" + "../" * 9 + "lib",)))
    assert result.external_needs == (ExternalNeed(TORCH.path, (), ("libcublas.so.12",)),)


def test_libraries_are_exported_and_extension_modules_are_not() -> None:
    library = Elf("a/libx-1a2b.so.1.2", "x64", (), "libx.so.1", None, None, None)
    nameless = Elf("a/liby.so", "x64", (), None, None, None, None)
    assert exported_sonames([library, nameless, MODULE]) == {"libx.so.1", "liby.so"}


def test_directories_of_a_data_file_are_relative_to_its_installed_path() -> None:
    data = replace(TORCH, path="wheelhouse/data/lib/mkl/libmkl.so", runpath=("$ORIGIN/../tbb",))
    assert plan_for(data).external_needs[0].path == "lib/mkl/libmkl.so"
    assert plan_for(data).external_needs[0].directories == ("lib/tbb",)
