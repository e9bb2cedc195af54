"""Which libraries the ELF files of a package need of others."""

import pytest

from native.elf import Elf
from native.needs import exported_sonames, is_plugin, needed_sonames

SITE = "lib/python3.12/site-packages"


def elf(path: str, *needed: str, soname: str | None = None) -> Elf:
    """Return a file that needs libraries."""
    return Elf(path, "x64", needed, soname, None, None, None)


def test_needed_are_libraries_that_nobody_promises() -> None:
    module = elf("demo/_x.so", "libzstd.so.1", "libc.so.6", "libstdc++.so.6", "libcuda.so.1")
    assert needed_sonames([module], ["_x.so"]) == {"libzstd.so.1"}


def test_what_a_package_has_is_not_needed_of_others() -> None:
    module = elf("demo/_x.so", "libown.so.1", "libother-1a2b.so.2")
    own = elf("demo/lib/libown.so.1.2", soname="libown.so.1")
    assert needed_sonames([module, own], ["libother-1a2b.so.2"]) == set()


@pytest.mark.parametrize(
    ("folder", "needed"),
    [("plugins/sqldrivers", set()), ("qml/QtQuick", set()), ("plugins/platforms", {"libdrm.so.2"})],
)
def test_of_plugins_only_those_for_windows_need_something(folder: str, needed: set[str]) -> None:
    plugin = elf(f"PyQt6/Qt6/{folder}/libx.so", "libdrm.so.2")
    assert needed_sonames([plugin], ["libx.so"]) == needed


def test_extension_modules_in_a_folder_of_plugins_are_no_plugins() -> None:
    assert not is_plugin(f"{SITE}/demo/plugins/_fast.cpython-312-x86_64-linux-gnu.so")
    assert not is_plugin(f"{SITE}/demo/libplugins.so")
    assert is_plugin(f"{SITE}/PySide6/Qt/qml/QtQuick/libqtquick2plugin.so")


def test_extension_modules_are_no_libraries_for_others() -> None:
    library = elf("demo/libx.so.1.2", soname="libx.so.1")
    assert exported_sonames([library, elf("demo/_x.so")]) == {"libx.so.1"}
