"""Which libraries loaded files need, and none of the wheels has."""

from lock.wheels.library_graph import missing_libraries
from lock.wheels.wheel_needs import NativeFile


def module(*needed: str) -> NativeFile:
    """Return an extension module."""
    return NativeFile(("_x.so",), needed, True)


def library(name: str, *needed: str) -> NativeFile:
    """Return a library that is loaded only where another file needs it."""
    return NativeFile((name,), needed, False)


def test_what_a_module_needs_and_nobody_has_is_missing() -> None:
    assert missing_libraries({"a": [module("libzstd.so.1")], "b": [module()]}) == {
        "a": {"libzstd.so.1"}
    }


def test_a_library_of_another_wheel_is_followed_and_needs_for_itself() -> None:
    wheels = {"a": [module("libq.so.6")], "b": [library("libq.so.6", "libdbus-1.so.3")]}
    assert missing_libraries(wheels) == {"b": {"libdbus-1.so.3"}}


def test_what_nothing_loads_needs_nothing() -> None:
    assert missing_libraries({"a": [module(), library("transport.so.3", "libmpi.so.40")]}) == {}


def test_a_wheel_s_own_library_wins_over_one_of_the_same_name() -> None:
    wheels = {
        "a": [module("libx.so.1"), library("libx.so.1", "liby.so.1")],
        "b": [library("libx.so.1", "libz.so.9")],
    }
    assert missing_libraries(wheels) == {"a": {"liby.so.1"}}


def test_libraries_that_need_each_other_end() -> None:
    wheels = {
        "a": [module("liba.so"), library("liba.so", "libb.so"), library("libb.so", "liba.so")]
    }
    assert missing_libraries(wheels) == {}
