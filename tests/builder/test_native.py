"""What is decided about a tree's ELF files, without one."""

from dataclasses import replace

import pytest

from builder.elf import Elf
from builder.native import Library, Met, Patch, Plan, Platform, Reach, offered, plan
from builder.nixpkgs_attributes import attribute

SITE = "lib/python3.11/site-packages"
PLATFORM = Platform("x64", "/store/libc/lib/ld-linux-x86-64.so.2", "/run/driver", "/store")
ZLIB = Library("zlib", "/store/zlib/lib", frozenset({"libz.so.1"}))
CC = Library("stdenv.cc.cc.lib", "/store/cc/lib", frozenset({"libstdc++.so.6", "libz.so.1"}))
MODULE = Elf(f"{SITE}/demo/_x.so", "x64", ("libz.so.1", "libc.so.6"), None, None, None, None)


def decided(*files: Elf, libraries: tuple[Library, ...] = (ZLIB, CC)) -> Plan:
    """The plan for files that are the only ones of their tree."""
    return plan(files, [file.path for file in files], libraries, PLATFORM)


def test_a_file_that_needs_only_libc_is_left_alone() -> None:
    names = ("libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "ld-linux-x86-64.so.2")
    assert decided(replace(MODULE, needed=names)) == Plan((), ())


def test_a_file_gets_the_folder_that_has_its_library() -> None:
    folder = ("/store/zlib/lib",)
    met = (Met("libz.so.1", "zlib"),)
    assert decided(MODULE).patches == (Patch(MODULE.path, "RPATH", folder, folder, None, met),)


def test_the_first_library_of_the_list_wins() -> None:
    (patch,) = decided(MODULE, libraries=(CC, ZLIB)).patches
    assert patch.search == ("/store/cc/lib",)


def test_folders_are_added_once_and_in_the_order_of_need() -> None:
    (patch,) = decided(
        replace(MODULE, needed=("libstdc++.so.6", "libz.so.1", "libstdc++.so.6"))
    ).patches
    assert patch.added == ("/store/cc/lib", "/store/zlib/lib")


@pytest.mark.parametrize(
    "other",
    [
        Elf(f"{SITE}/demo.libs/libz.so.1", "x64", (), None, None, None, None),
        Elf(f"{SITE}/demo.libs/libz-123abc.so", "x64", (), "libz.so.1", None, None, None),
    ],
    ids=["name", "soname"],
)
def test_a_library_of_the_package_itself_is_its_own_affair(other: Elf) -> None:
    assert decided(MODULE, other) == Plan((), ())


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
def test_own_entries_stay_in_front_in_the_tag_that_they_have(
    changes: dict[str, tuple[str, ...]], tag: str, search: tuple[str, ...]
) -> None:
    (patch,) = decided(replace(MODULE, **changes)).patches  # type: ignore[arg-type]
    assert (patch.tag, patch.search) == (tag, search)


def test_a_program_gets_the_interpreter_s_loader_and_libc() -> None:
    program = replace(MODULE, needed=("libc.so.6",), interpreter="/lib64/ld-linux-x86-64.so.2")
    assert decided(program).patches == (
        Patch(
            program.path, "RPATH", ("/store/libc/lib",), ("/store/libc/lib",), PLATFORM.loader, ()
        ),
    )


@pytest.mark.parametrize(
    "soname", ["libcuda.so.1", "libnvidia-ml.so.1", "libnvcuvid.so.1", "libGLX_nvidia.so.0"]
)
def test_a_driver_s_library_comes_from_the_running_system(soname: str) -> None:
    library = Library("stub", "/store/stub/lib", frozenset({soname}))
    found = decided(replace(MODULE, needed=(soname,)), libraries=(library,))
    assert found.patches[0].search == ("/run/driver",)
    assert found.patches[0].met == (Met(soname, "the driver"),)
    assert found.reaches == ()


@pytest.mark.parametrize("machine", ["x86", "AArch64", "PowerPC"])
def test_a_file_for_another_machine_is_left_alone(machine: str) -> None:
    assert decided(replace(MODULE, machine=machine, needed=("nosuch.so",))) == Plan((), ())


def test_every_unmet_need_is_listed() -> None:
    found = decided(
        replace(MODULE, needed=("liba.so.1", "libz.so.1", "libb.so")),
        replace(MODULE, path="other.so", needed=("liba.so.1",)),
    )
    assert found.reaches == (
        Reach(MODULE.path, (), ("liba.so.1", "libb.so")),
        Reach("other.so", (), ("liba.so.1",)),
    )
    assert [patch.path for patch in found.patches] == [MODULE.path]


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
    assert attribute(soname) == expected


TORCH = Elf(
    f"{SITE}/torch/lib/libtorch.so",
    "x64",
    ("libcublas.so.12", "libz.so.1"),
    None,
    None,
    ("$ORIGIN", "$ORIGIN/../../nvidia/cublas/lib", "$ORIGIN/../../nvidia/cudnn/lib"),
    None,
)


def test_a_need_that_a_sibling_may_meet_is_noted_with_where_the_file_looks() -> None:
    found = decided(TORCH)
    assert found.reaches == (
        Reach(
            TORCH.path,
            (f"{SITE}/torch/lib", f"{SITE}/nvidia/cublas/lib", f"{SITE}/nvidia/cudnn/lib"),
            ("libcublas.so.12",),
        ),
    )
    assert found.patches[0].added == ("/store/zlib/lib",)


def test_a_file_that_lacks_nothing_reaches_only_out_of_its_package() -> None:
    whole = replace(TORCH, needed=("libz.so.1",))
    own = replace(whole, runpath=("$ORIGIN", "$ORIGIN/../../torch.libs", "$ORIGIN/.."))
    other = Elf(f"{SITE}/torch.libs/x.so", "x64", (), None, None, None, None)
    assert decided(own, other).reaches == ()
    folders = (f"{SITE}/nvidia/cublas/lib", f"{SITE}/nvidia/cudnn/lib")
    assert decided(whole).reaches == (Reach(TORCH.path, folders, ()),)


def test_an_entry_that_leaves_the_environment_reaches_no_sibling() -> None:
    found = decided(replace(TORCH, runpath=("$ORIGIN/" + "../" * 9 + "lib",)))
    assert found.reaches == (Reach(TORCH.path, (), ("libcublas.so.12",)),)


def test_libraries_are_offered_by_their_sonames_and_extension_modules_are_not() -> None:
    library = Elf("a/libx-1a2b.so.1.2", "x64", (), "libx.so.1", None, None, None)
    nameless = Elf("a/liby.so", "x64", (), None, None, None, None)
    assert offered([library, nameless, MODULE]) == {"libx.so.1", "liby.so"}


def test_data_reaches_from_where_it_lies_in_the_environment() -> None:
    data = replace(TORCH, path="wheelhouse/data/lib/mkl/libmkl.so", runpath=("$ORIGIN/../tbb",))
    assert decided(data).reaches[0].path == "lib/mkl/libmkl.so"
    assert decided(data).reaches[0].directories == ("lib/tbb",)
