"""Libraries of one package find those of another through `$ORIGIN`."""

from typing import Any

import pytest
from compiling import Compiler
from driving import OWN, Builder, Environment, Package, refusal
from making import Wheel

from builder.native import Reach
from builder.siblings import Native, real_folders

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
    packages = unpacked(builder, wheels, {**given, "strict": True})
    assert [package.log for package in packages.values()] == ["", "", ""]
    assert value(builder.compose(packages.values())) == "111"


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
    assert notes["siblings"] == [
        {
            "path": f"{OWN.site}/top/lib/libtop.so.1",
            "directories": [f"{OWN.site}/vendor/mid/lib"],
            "sonames": ["libmid.so.1"],
        }
    ]
    assert notes["folders"] == [f"{OWN.site}/top/lib"]
    assert notes["unmet"] == []


def test_a_missing_sibling_is_told_where_the_environment_is_composed(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    packages = unpacked(builder, wheels, given)
    del packages["low"]
    done = builder.try_compose(packages.values(), builder.scratch / "out")
    assert done.returncode == 0
    assert done.stderr.startswith("wheelhouse: vendor-mid: no library was given that has\n")
    assert f"  {OWN.site}/vendor/mid/lib/libmid.so.1  liblow.so.1\n" in done.stderr
    assert "top" not in done.stderr


def test_under_strict_a_missing_sibling_is_an_error(
    builder: Builder, wheels: dict[str, Wheel], given: dict[str, Any]
) -> None:
    packages = unpacked(builder, wheels, {**given, "strict": True})
    del packages["low"]
    message = refusal(builder.try_compose(packages.values(), builder.scratch / "out"))
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


def test_packages_that_reach_for_nothing_that_is_there_stay_links() -> None:
    alone = Native("a", "/a", frozenset({"a/lib"}), (Reach("a/lib/x", ("b/lib",), ()),), False)
    other = Native("c", "/c", frozenset({"c/lib"}), (), False)
    assert real_folders([alone, other]) == set()
    reached = Native("b", "/b", frozenset({"b/lib", "b/bin"}), (), False)
    assert real_folders([alone, other, reached]) == {"a/lib", "b/lib", "b/bin"}
