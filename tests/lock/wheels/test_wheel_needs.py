"""What a wheel needs of the system is read from its files."""

import io
import json
import zipfile
from collections.abc import Mapping

from lock.wheels.wheel_needs import WheelNeeds
from lock.wheels.wheel_reading import read_share, read_wheel
from tests.support.c_compiler import Compiler


def wheel(files: Mapping[str, bytes]) -> zipfile.ZipFile:
    """Return an archive in memory."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return zipfile.ZipFile(content)


def test_files_needs_and_names_are_read(compiler: Compiler) -> None:
    other = compiler.library("libother.so.1")
    module = compiler.library("libmodule.so.1", needed=other).read_bytes()
    found = read_wheel(wheel({"demo/_module.so": module, "demo/x.py": b"CDLL"}), "x86_64")
    (file,) = found.files
    assert file.names == ("_module.so", "libmodule.so.1")
    # The C library is on every system.
    assert file.needed == ("libother.so.1",)
    assert file.is_loaded
    assert read_wheel(wheel({"demo/_module.so": module}), "aarch64") == WheelNeeds()


def test_a_library_that_nothing_needs_is_loaded_where_code_opens_libraries(
    compiler: Compiler,
) -> None:
    other = compiler.library("libother.so.1")
    data = compiler.library("libdemo.so.1", needed=other).read_bytes()
    code = b"import ctypes\nctypes.CDLL(path)\n"
    loaded = {
        path: read_wheel(wheel({"demo/libdemo.so": data, path: text}), "x86_64").files[0].is_loaded
        for path, text in {
            "demo/a.py": code,
            "demo/b.py": b"x = 1\n",
            "demo/tests/test_a.py": code,
        }.items()
    }
    assert loaded == {"demo/a.py": True, "demo/b.py": False, "demo/tests/test_a.py": False}


def test_what_code_opens_by_name_is_read() -> None:
    code = b"from ctypes import CDLL\nlib = CDLL('libmagic.so.1')\n"
    found = read_wheel(wheel({"magic/__init__.py": code}), "x86_64")
    assert [one.soname for one in found.openings] == ["libmagic.so.1"]


def test_what_was_read_is_kept_as_json(compiler: Compiler) -> None:
    other = compiler.library("libother.so.1")
    module = compiler.library("libmodule.so.1", needed=other).read_bytes()
    code = b"from ctypes import CDLL\nlib = CDLL('libmagic.so.1')\n"
    found = read_wheel(wheel({"_module.so": module, "magic/__init__.py": code}), "x86_64")
    assert WheelNeeds.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_the_share_that_is_read_leaves_out_data() -> None:
    data = {"demo/data.json": b"x" * 1000, "demo/icon.svg": b"x" * 1000}
    archive = wheel({**data, "demo/a.py": b"y" * 10, "demo/_m.so": b"z" * 5})
    assert read_share(archive) == 15
