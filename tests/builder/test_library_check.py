"""Libraries find those of other packages through `$ORIGIN`, and missing ones are reported."""

from typing import Any

import pytest

from builder.library_check import NativePackage, real_folders
from builder.wiring import ExternalNeed
from tests.support.builder_steps import RUNNING_PYTHON, Builder, Environment, Package, error_message
from tests.support.c_compiler import Compiler
from tests.support.wheels import Wheel

TAG = "py3-none-linux_x86_64"
INIT = """
import ctypes, os
lib = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "lib", "{library}"))
value = lib.{function}()
"""


@pytest.fixture
def options(patchelf: str) -> dict[str, Any]:
    """Return options of `unpack`: patchelf, and no libraries."""
    return {"patchelf": patchelf, "libraries": []}


@pytest.fixture
def wheels(compiler: Compiler) -> dict[str, Wheel]:
    """Return wheels: `top` needs a library of `vendor-mid`, which needs one of `vendor-low`."""
    low = compiler.library("liblow.so.1", 1)
    mid = compiler.library("libmid.so.1", 10, needed=low, search_path="$ORIGIN/../../low/lib")
    top = compiler.library(
        "libtop.so.1", 100, needed=mid, search_path="$ORIGIN:$ORIGIN/../../vendor/mid/lib"
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


def top_value(environment: Environment) -> str:
    """Return what the library of `top` computes with those that it needs."""
    return environment.evaluate("import top; print(top.value)")


def unpack_all(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> dict[str, Package]:
    """Unpack all wheels."""
    return {name: builder.unpack(wheel, **options) for name, wheel in wheels.items()}


def test_libraries_of_three_packages_find_each_other(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> None:
    packages = unpack_all(builder, wheels, options)
    assert [package.log for package in packages.values()] == ["", "", ""]
    assert top_value(builder.compose(packages.values(), strict=True)) == "111"


def test_only_folders_with_libraries_are_not_links(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> None:
    site = builder.compose(unpack_all(builder, wheels, options).values()).site
    for real in ("top", "top/lib", "vendor", "vendor/mid", "vendor/mid/lib", "vendor/low/lib"):
        assert not (site / real).is_symlink()
    for link in ("top/lib/libtop.so.1", "top/python", "vendor/mid/share", "top/__pycache__"):
        assert (site / link).is_symlink()


def test_external_needs_are_noted(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> None:
    native = builder.unpack(wheels["top"], **options).notes["native"]
    assert native["externalNeeds"] == [
        {
            "path": f"{RUNNING_PYTHON.site}/top/lib/libtop.so.1",
            "directories": [
                f"{RUNNING_PYTHON.site}/top/lib",
                f"{RUNNING_PYTHON.site}/vendor/mid/lib",
            ],
            "sonames": ["libmid.so.1"],
        }
    ]
    assert native["folders"] == [f"{RUNNING_PYTHON.site}/top/lib"]
    assert native["exportedSonames"] == ["libtop.so.1"]


def test_a_missing_package_is_warned_about_by_compose(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> None:
    packages = unpack_all(builder, wheels, options)
    del packages["low"]
    done = builder.try_compose(packages.values(), builder.scratch / "out")
    assert done.returncode == 0
    assert done.stderr.startswith("wheelhouse: native libraries are missing:\n")
    assert "  liblow.so.1 (libmid.so.1 of vendor-mid)\n" in done.stderr
    assert "libtop" not in done.stderr


def test_with_strict_a_missing_package_is_an_error(
    builder: Builder, wheels: dict[str, Wheel], options: dict[str, Any]
) -> None:
    packages = unpack_all(builder, wheels, options)
    del packages["low"]
    message = error_message(
        builder.try_compose(packages.values(), builder.scratch / "out", strict=True)
    )
    assert "liblow.so.1" in message
    assert not (builder.scratch / "out").exists()


def test_a_library_in_the_data_scheme_is_found(
    builder: Builder, compiler: Compiler, options: dict[str, Any]
) -> None:
    low = compiler.library("liblow.so.1", 1)
    prefix_lib = "$ORIGIN/../../../../../lib"
    top = compiler.library("libtop.so.1", 100, needed=low, search_path=f"{prefix_lib}/low")
    packages = [
        builder.unpack(
            Wheel(
                "low", files={"low-1.0.data/data/lib/low/liblow.so.1": low.read_bytes()}, tag=TAG
            ),
            **options,
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
            **options,
        ),
    ]
    assert top_value(builder.compose(packages)) == "101"


def test_libraries_of_two_packages_in_one_folder_are_found(
    builder: Builder, compiler: Compiler, options: dict[str, Any]
) -> None:
    """A plugin of one package needs the other's library, in a folder of both."""
    low = compiler.library("liblow.so.1", 1)
    own = compiler.library("libown.so.1", 5)
    top = compiler.library("libtop.so.1", 100, needed=low, search_path="$ORIGIN/../../lib")
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
    packages = [builder.unpack(wheel, **options) for wheel in (essentials, addons)]
    assert top_value(builder.compose(packages, strict=True)) == "101"


def test_a_library_that_another_package_loads_before_is_not_missing(
    builder: Builder, compiler: Compiler, options: dict[str, Any]
) -> None:
    low = compiler.library("liblow.so.1", 1)
    top = compiler.library("libtop.so.1", 100, needed=low)
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
    packages = [builder.unpack(wheel, **options) for wheel in wheels]
    assert top_value(builder.compose(packages, strict=True)) == "101"
    report = builder.report(packages)
    assert report.splitlines() == [
        "No native library is missing.",
        "",
        "Left to another package, which has to be imported before:",
        f"  top 1.0  {RUNNING_PYTHON.site}/top/lib/libtop.so.1  liblow.so.1  low 1.0",
    ]


def test_packages_that_need_no_other_package_stay_links() -> None:
    def package(name: str, folders: set[str], *needs: ExternalNeed) -> NativePackage:
        return NativePackage(name, f"/{name}", frozenset(folders), frozenset(), needs)

    user = package("a", {"a/lib"}, ExternalNeed("a/lib/x", ("a/lib", "b/lib"), ("liby.so",)))
    unrelated = package("c", {"c/lib"})
    assert real_folders([user, unrelated]) == set()
    needed = package("b", {"b/lib", "b/bin"})
    assert real_folders([user, unrelated, needed]) == {"a/lib", "b/lib", "b/bin"}
