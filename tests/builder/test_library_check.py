"""Libraries of one package find those of another through `$ORIGIN`."""

from typing import Any

import pytest

from builder.library_check import Native, real_folders
from builder.native import Reach
from tests.support.builder_steps import OWN, Builder, Environment, Package, refusal
from tests.support.c_compiler import Compiler
from tests.support.wheels import Wheel

TAG = "py3-none-linux_x86_64"
INIT = """
import ctypes, os
lib = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "lib", "{library}"))
value = lib.{function}()
"""


@pytest.fixture
def given(patchelf: str) -> dict[str, Any]:
    """What `unpack` is given: no library."""
    return {"patchelf": patchelf, "libraries": []}


@pytest.fixture
def wheels(compiler: Compiler) -> dict[str, Wheel]:
    """`top` needs a library of `vendor-mid`, and that needs one of `vendor-low`."""
    low = compiler.library("liblow.so.1", 1)
    mid = compiler.library("libmid.so.1", 10, needs=low, path="$ORIGIN/../../low/lib")
    top = compiler.library(
        "libtop.so.1", 100, needs=mid, path="$ORIGIN:$ORIGIN/../../vendor/mid/lib"
    )
    return {
        "low": Wheel("vendor-low", files={"vendor/low/lib/liblow.so.1": low.read_bytes()}, tag=TAG),
        "mid": Wheel(
            "vendor-mid",
            files={
                "vendor/mid/lib/libmid.so.1": mid.read_bytes(),
                "vendor/mid/share/data": "",
            },
            tag=TAG,
        ),
        "top": Wheel(
            "top",
            files={
                "top/__init__.py": INIT.format(library="libtop.so.1", function="top"),
                "top/lib/libtop.so.1": top.read_bytes(),
                "top/python/module.py": "",
            },
            tag=TAG,
        ),
    }


def value(environment: Environment) -> str:
    """What the library of `top` computes with those of the others."""
    return environment.evaluate("import top; print(top.value)")


def unpacked(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> dict[str, Package]:
    """All wheels, unpacked."""
    return {name: builder.unpack(wheel, **given) for name, wheel in wheels.items()}


def test_libraries_of_three_packages_find_each_other(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    packages = unpacked(builder, wheels, given)
    assert [package.log for package in packages.values()] == ["", "", ""]
    assert value(builder.compose(packages.values(), strict=True)) == "111"


def test_only_folders_with_libraries_become_real(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    site = builder.compose(unpacked(builder, wheels, given).values()).site
    for real in ("top", "top/lib", "vendor", "vendor/mid", "vendor/mid/lib", "vendor/low/lib"):
        assert not (site / real).is_symlink()
    for link in ("top/lib/libtop.so.1", "top/python", "vendor/mid/share", "top/__pycache__"):
        assert (site / link).is_symlink()


def test_what_a_file_reaches_for_is_noted(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    notes = builder.unpack(wheels["top"], **given).notes["native"]
    assert notes["reaches"] == [
        {
            "path": f"{OWN.site}/top/lib/libtop.so.1",
            "directories": [f"{OWN.site}/top/lib", f"{OWN.site}/vendor/mid/lib"],
            "sonames": ["libmid.so.1"],
        }
    ]
    assert notes["folders"] == [f"{OWN.site}/top/lib"]
    assert notes["offered"] == ["libtop.so.1"]


def test_a_missing_sibling_is_told_where_the_environment_is_composed(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    packages = unpacked(builder, wheels, given)
    del packages["low"]
    done = builder.try_compose(packages.values(), builder.scratch / "out")
    assert done.returncode == 0
    assert done.stderr.startswith("wheelhouse: native libraries are missing; ")
    assert f"  vendor-mid 1.0  {OWN.site}/vendor/mid/lib/libmid.so.1  liblow.so.1\n" in done.stderr
    assert "libtop" not in done.stderr


def test_under_strict_a_missing_sibling_is_an_error(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    packages = unpacked(builder, wheels, given)
    del packages["low"]
    message = refusal(builder.try_compose(packages.values(), builder.scratch / "out", strict=True))
    assert "liblow.so.1" in message
    assert not (builder.scratch / "out").exists()


def test_a_library_that_lies_in_data_is_a_sibling_too(
    builder: Builder, compiler: Compiler, given: dict[str, Any]
) -> None:
    low = compiler.library("liblow.so.1", 1)
    path = "$ORIGIN/../../../../../lib"
    top = compiler.library("libtop.so.1", 100, needs=low, path=f"{path}/low")
    packages = [
        builder.unpack(
            Wheel(
                "low", files={"low-1.0.data/data/lib/low/liblow.so.1": low.read_bytes()}, tag=TAG
            ),
            **given,
        ),
        builder.unpack(
            Wheel(
                "top",
                files={
                    "top/__init__.py": INIT.format(library="libtop.so.1", function="top"),
                    "top/lib/libtop.so.1": top.read_bytes(),
                },
                tag=TAG,
            ),
            **given,
        ),
    ]
    assert value(builder.compose(packages)) == "101"


def test_one_folder_of_two_packages_holds_the_libraries_of_both(
    builder: Builder, compiler: Compiler, given: dict[str, Any]
) -> None:
    """One package's plugin looks for the other's library, in a folder that both fill."""
    low = compiler.library("liblow.so.1", 1)
    own = compiler.library("libown.so.1", 5)
    top = compiler.library("libtop.so.1", 100, needs=low, path="$ORIGIN/../../lib")
    essentials = Wheel(
        "essentials", files={"qt/lib/liblow.so.1": low.read_bytes(), "qt/a/x.py": ""}, tag=TAG
    )
    addons = Wheel(
        "addons",
        files={
            "qt/lib/libown.so.1": own.read_bytes(),
            "qt/plugins/more/libtop.so.1": top.read_bytes(),
            "top.py": (
                "import ctypes, os\n"
                "folder = os.path.join(os.path.dirname(__file__), 'qt', 'plugins', 'more')\n"
                "value = ctypes.CDLL(os.path.join(folder, 'libtop.so.1')).top()\n"
            ),
        },
        tag=TAG,
    )
    packages = [builder.unpack(wheel, **given) for wheel in (essentials, addons)]
    assert value(builder.compose(packages, strict=True)) == "101"


def test_a_library_that_another_package_loads_before_is_not_missing(
    builder: Builder, compiler: Compiler, given: dict[str, Any]
) -> None:
    low = compiler.library("liblow.so.1", 1)
    top = compiler.library("libtop.so.1", 100, needs=low)
    lower = INIT.format(library="liblow.so.1", function="low")
    wheels = [
        Wheel(
            "low",
            files={"low/__init__.py": lower, "low/lib/liblow.so.1": low.read_bytes()},
            tag=TAG,
        ),
        Wheel(
            "top",
            files={
                "top/__init__.py": "import low"
                + INIT.format(library="libtop.so.1", function="top"),
                "top/lib/libtop.so.1": top.read_bytes(),
            },
            tag=TAG,
        ),
    ]
    packages = [builder.unpack(wheel, **given) for wheel in wheels]
    assert value(builder.compose(packages, strict=True)) == "101"
    report = builder.report(packages)
    assert report.splitlines() == [
        "No native library is missing.",
        "",
        "Left to another package, which has to be imported before:",
        f"  top 1.0  {OWN.site}/top/lib/libtop.so.1  liblow.so.1  low 1.0",
    ]


def test_packages_that_reach_for_nothing_that_is_there_stay_links() -> None:
    def package(name: str, folders: set[str], *reaches: Reach) -> Native:
        return Native(name, f"/{name}", frozenset(folders), frozenset(), reaches)

    alone = package("a", {"a/lib"}, Reach("a/lib/x", ("a/lib", "b/lib"), ("liby.so",)))
    other = package("c", {"c/lib"})
    assert real_folders([alone, other]) == set()
    reached = package("b", {"b/lib", "b/bin"})
    assert real_folders([alone, other, reached]) == {"a/lib", "b/lib", "b/bin"}
