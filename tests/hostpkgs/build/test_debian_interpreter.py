"""debian_interpreter.py and debian_glibc.py: what of Debian's packages goes where."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import debian_glibc
import debian_interpreter
import elf
import pytest

if TYPE_CHECKING:
    from pathlib import Path

LIB = "usr/lib/x86_64-linux-gnu"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("usr/bin/python3.14", "bin/python3.14"),
        ("usr/bin/python3.14t", None),
        ("usr/lib/python3.14/os.py", "lib/python3.14/os.py"),
        ("usr/lib/python3.14/test/regrtest.py", None),
        ("usr/lib/python3.14/email/__pycache__/x.cpython-314.pyc", None),
        ("usr/lib/python3.14/sitecustomize.py", None),
        ("usr/lib/python3.14/config-3.14-x86_64-linux-gnu/libpython3.14.a", None),
        ("usr/lib/python3.14/config-3.14-x86_64-linux-gnu/Makefile",
         "lib/python3.14/config-3.14-x86_64-linux-gnu/Makefile"),
        ("usr/lib/python3.14/lib-dynload/_tkinter.cpython-314-x86_64-linux-gnu.so", None),
        ("usr/lib/python3.13/distutils/core.py", None),
        ("usr/lib/python3/dist-packages/_gdbm.cpython-314-x86_64-linux-gnu.so",
         "lib/python3.14/lib-dynload/_gdbm.cpython-314-x86_64-linux-gnu.so"),
        ("usr/lib/python3/dist-packages/_gdbm.cpython-313-x86_64-linux-gnu.so", None),
        ("usr/lib/python3/dist-packages/gi/__init__.py", None),
        (f"{LIB}/libpython3.14.so.1.0", "lib/libpython3.14.so.1.0"),
        ("usr/include/x86_64-linux-gnu/python3.14/pyconfig.h", "include/python3.14/pyconfig.h"),
        ("usr/include/python3.14/pyconfig.h", None),
        ("usr/share/doc/python3.14/copyright", None),
    ],
)  # fmt: skip
def test_places_of_an_interpreters_files(name: str, place: str | None) -> None:
    assert debian_interpreter.target_path(name, "3.14") == place


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (f"{LIB}/libc.so.6", "lib/libc.so.6"),
        ("lib/aarch64-linux-gnu/ld-linux-aarch64.so.1", "lib/ld-linux-aarch64.so.1"),
        ("lib/ld-linux-aarch64.so.1", None),
        (f"{LIB}/gconv/UTF-32.so", None),
        (f"{LIB}/audit/sotruss-lib.so", None),
    ],
)
def test_places_of_a_c_librarys_files(name: str, place: str | None) -> None:
    assert debian_glibc.target_path(name) == place


def test_only_names_of_files_that_are_there_get_further_ones(tmp_path: Path) -> None:
    for name in ("bin/python3.14", "lib/pkgconfig/python-3.14.pc"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert debian_interpreter.aliases(tmp_path, "3.14") == {
        "bin/python3": "python3.14",
        "bin/python": "python3.14",
        "lib/pkgconfig/python3.pc": "python-3.14.pc",
    }


def test_only_libraries_that_are_needed_are_copied_with_what_they_need(tmp_path: Path) -> None:
    out, folder, private = (tmp_path / name for name in ("out", "folder", "private"))
    out.mkdir()
    folder.mkdir()
    program = out / "python3.14"
    shutil.copyfile(sys.executable, program)
    parsed = elf.read(program)
    assert parsed
    needed = parsed.needed
    # a library that the program needs, which needs what the program needs; and one more
    shutil.copyfile(sys.executable, folder / "real.so")
    (folder / needed[0]).symlink_to("real.so")
    (folder / "libother.so").touch()
    debian_interpreter.add_libraries(out, folder, private)
    assert [path.name for path in private.iterdir()] == [needed[0]]
    assert not (private / needed[0]).is_symlink()
