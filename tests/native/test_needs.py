"""Which ELF files are loaded by themselves, and which libraries every system promises."""

import pytest

from native.elf import Elf
from native.needs import exported_sonames, is_loaded_by_itself, is_plugin, is_promised

SITE = "lib/python3.12/site-packages"
TAG = "cpython-312-x86_64-linux-gnu"


def elf(path: str, soname: str | None = None, interpreter: str | None = None) -> Elf:
    """Return a file without needs."""
    return Elf(path, "x64", (), soname, None, None, interpreter)


@pytest.mark.parametrize(
    ("soname", "promised"),
    [("libc.so.6", True), ("libstdc++.so.6", True), ("libcuda.so.1", True), ("libpam.so.0", False)],
)
def test_what_every_system_has_is_promised(soname: str, promised: bool) -> None:
    assert is_promised(soname) is promised


@pytest.mark.parametrize(
    ("path", "loaded"),
    [
        (f"demo/_x.{TAG}.so", True),
        ("demo/QtCore.abi3.so", True),
        ("demo/_x.abi3-x86_64-linux-gnu.so", True),
        ("demo/libx.abi3t.so", True),
        ("demo/libx.abi3t-aarch64-linux-gnu.so", True),
        ("demo/plain.so", True),
        (f"demo/libfast.{TAG}.so", True),
        ("demo/lib/libx.so", False),
        ("demo/lib/transport.so.3", False),
        ("demo.libs/libx-1a2b.so.1", False),
        ("PyQt6/Qt6/plugins/sqldrivers/libqsqlpsql.so", False),
        ("PyQt6/Qt6/qml/QtQuick/libqtquick2plugin.so", False),
        ("PyQt6/Qt6/plugins/platforms/libqxcb.so", True),
        (f"demo/plugins/_fast.{TAG}.so", True),
    ],
)
def test_modules_and_plugins_for_windows_are_loaded_by_themselves(path: str, loaded: bool) -> None:
    assert is_loaded_by_itself(elf(path)) is loaded


def test_programs_are_loaded_by_themselves() -> None:
    assert is_loaded_by_itself(elf("demo/bin/tool", interpreter="/lib64/ld-linux-x86-64.so.2"))


def test_extension_modules_in_a_folder_of_plugins_are_no_plugins() -> None:
    assert not is_plugin(f"{SITE}/demo/plugins/_fast.cpython-312-x86_64-linux-gnu.so")
    assert not is_plugin(f"{SITE}/demo/libplugins.so")
    assert is_plugin(f"{SITE}/PySide6/Qt/qml/QtQuick/libqtquick2plugin.so")


def test_extension_modules_are_no_libraries_for_others() -> None:
    files = [elf("demo/libx.so.1.2", "libx.so.1"), elf("demo/liby.so"), elf("demo/_x.so")]
    assert exported_sonames(files) == {"libx.so.1", "liby.so"}
