"""Programs open libraries of searchPaths.rpath by name; child processes don't inherit the path."""

import re
from pathlib import Path

import pytest

from tests.support.nix import environment, example, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]

PROGRAM = Path(__file__).parent / "programs" / "open_by_name.py"


def flake(user_flake, rpath: str) -> Path:
    """Write a flake whose output `check` runs the program with these libraries."""
    opening = environment("opening", f"searchPaths.rpath = {rpath};", sources=example("django"))
    check = sandbox_run(opening, "./program.py", 'shell = "${pkgs.bash}/bin/bash";', name="opened")
    folder = user_flake(f"check = {check};")
    (folder / "program.py").write_bytes(PROGRAM.read_bytes())
    return folder


def test_ctypes_opens_what_rpath_has_and_children_inherit_no_path(nix, user_flake):
    folder = flake(user_flake, "[ pkgs.stdenv.cc.cc.lib ]")
    lines = nix.build("path:.#check", cwd=folder).read_text().splitlines()
    assert lines[:2] == ["opened libstdc++.so.6", "a child inherits no path"]
    assert lines[2:], "no file of the library is mapped"
    assert all(line.startswith("/nix/store/") for line in lines[2:])


def test_without_rpath_nothing_is_found(nix, user_flake):
    folder = flake(user_flake, "[ ]")
    done = nix.run("build", "--no-link", "path:.#check", cwd=folder)
    assert done.returncode != 0
    assert "libstdc++.so.6: cannot open shared object file" in done.stderr


OPENERS = environment(
    "openers",
    """
    searchPaths.rpath = [ pkgs.libGL ];
    overrides.cffi.runtimeLibraries = [ pkgs.zlib ];
    """,
)
OPEN = """
import os
import cffi
import OpenGL.GL
ffi = cffi.FFI()
ffi.cdef("const char *zlibVersion(void);")
version = ffi.string(ffi.dlopen("libz.so.1").zlibVersion()).decode()
with open(os.environ["out"], "w") as out:
    print("zlib", version, "and", OpenGL.GL.glFlush.__name__, file=out)
"""


def test_packages_that_open_libraries_by_name_find_them(nix, user_flake):
    check = sandbox_run(OPENERS, "./program.py", name="openers")
    outputs = f"check = {check}; report = ({OPENERS}).report;"
    folder = user_flake(outputs, requirements='cffi: "*"\nPyOpenGL: "*"\n')
    (folder / "program.py").write_text(OPEN, encoding="utf-8")
    nix.lock(folder, "3.11", "requirements.yaml", "sources.yaml")
    printed = nix.build("path:.#check", cwd=folder).read_text()
    assert re.fullmatch(r"zlib [\d.]+ and glFlush\n", printed)
    report = nix.build("path:.#report", cwd=folder).read_text()
    assert re.search(r"pyopengl .*/OpenGL/platform/glx\.py:\d+ +libGL\.so +/nix/store/", report)
