"""Libraries that a program opens by plain name are those of searchPaths.rpath, for it alone."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.nix, pytest.mark.index]

PROGRAM = Path(__file__).parent / "programs" / "open_by_name.py"
CHECK = """
  check = let
    environment = makePythonPypiEnvironment {
      name = "opening";
      sourcesYaml = "${wheelhouse}/examples/django/sources.yaml";
      searchPaths.rpath = %(rpath)s;
    };
  in derivation {
    name = "opened";
    system = "x86_64-linux";
    builder = "${environment}/bin/python";
    PATH = "${environment}/bin";
    shell = "${pkgs.bash}/bin/bash";
    args = [ ./program.py ];
  };
"""


def flake(user_flake, rpath: str) -> Path:
    folder = user_flake(CHECK % {"rpath": rpath})
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


OPENERS = """
  check = let
    environment = makePythonPypiEnvironment {
      name = "openers";
      sourcesYaml = ./sources.yaml;
      searchPaths.rpath = [ pkgs.libGL ];
      overrides.cffi.runtimeLibraries = [ pkgs.zlib ];
    };
  in derivation {
    name = "openers";
    system = "x86_64-linux";
    builder = "${environment}/bin/python";
    PATH = "${environment}/bin";
    args = [ "-c" ''
      import os
      import cffi
      import OpenGL.GL
      ffi = cffi.FFI()
      ffi.cdef("const char *zlibVersion(void);")
      version = ffi.string(ffi.dlopen("libz.so.1").zlibVersion()).decode()
      with open(os.environ["out"], "w") as out:
          print("zlib", version, "and", OpenGL.GL.glFlush.__name__, file=out)
    '' ];
  };
"""


def test_packages_that_open_libraries_by_name_find_them(nix, user_flake):
    folder = user_flake(OPENERS, requirements='cffi: "*"\nPyOpenGL: "*"\n')
    done = subprocess.run(
        [nix.build(".#lock") / "bin" / "lock", "3.11", "requirements.yaml", "sources.yaml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = nix.build("path:.#check", cwd=folder).read_text()
    assert re.fullmatch(r"zlib [\d.]+ and glFlush\n", printed)
