"""stdenv: extensions compile in the sandbox, phases and hooks run as in nixpkgs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Build = Callable[..., subprocess.CompletedProcess[str]]
    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]

MODULE = """
#include <Python.h>
%(include)s
static PyObject *answer(PyObject *self, PyObject *none) { %(body)s }
static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, 0}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "%(name)s", 0, -1, methods};
PyMODINIT_FUNC PyInit_%(name)s(void) { return PyModule_Create(&module); }
"""
C = MODULE % {
    "name": "plain",
    "include": "#include <math.h>",
    "body": "return PyFloat_FromDouble(sqrt(1764.0));",
}
CPP = MODULE % {
    "name": "plus",
    "include": "#include <vector>\n#include <stdexcept>",
    "body": "std::vector<int> v; try { v.at(1); } catch (std::out_of_range &) "
    "{ return PyLong_FromLong(43); } return 0;",
}


def test_extensions_compile_and_import(build: Build, tmp_path: Path) -> None:
    (tmp_path / "plain.c").write_text(C)
    (tmp_path / "plus.cpp").write_text(CPP)
    done = build(
        """pkgs.stdenv.mkDerivation {
          name = "extensions";
          src = ./.;
          nativeBuildInputs = [ pkgs.python3 ];
          buildPhase = ''
            include=$(python -c 'import sysconfig; print(sysconfig.get_path("include"))')
            flags="-shared -fPIC -I$include"
            $CC $flags plain.c -o plain.so
            $CXX $flags plus.cpp -o plus.so
            python -c 'import plain, plus; print(plain.answer(), plus.answer())' > answer
          '';
          installPhase = "mkdir $out; cp plain.so plus.so answer $out";
        }"""
    )
    assert done.returncode == 0, done.stderr
    assert (Path(done.stdout) / "answer").read_text() == "42.0 43\n"


def test_what_is_linked_keeps_only_what_it_needs(build: Build, nix: Nix, tmp_path: Path) -> None:
    (tmp_path / "main.c").write_text('#include <stdio.h>\nint main() { puts("runs"); }\n')
    (tmp_path / "main.cpp").write_text("#include <iostream>\nint main() { std::cout << 1; }\n")
    expression = """pkgs.stdenv.mkDerivation {{
      name = "linked";
      src = ./.;
      buildPhase = "{} -o main && ./main";
      installPhase = "mkdir -p $out/bin; cp main $out/bin";
    }}"""
    for compiler, wanted in (
        ("$CC main.c", ["glibc", "linked"]),
        ("$CXX main.cpp", ["glibc", "libstdc++6", "linked"]),
    ):
        done = build(expression.format(compiler))
        assert done.returncode == 0, done.stderr
        closure = nix("path-info", "-r", done.stdout).stdout.split()
        assert sorted(path[44:].split("-")[0] for path in closure) == wanted


def test_inputs_with_headers_are_found_by_the_compiler_and_pkg_config(
    build: Build, tmp_path: Path
) -> None:
    (tmp_path / "main.c").write_text(
        "#include <stdio.h>\n#include <zlib.h>\n"
        'int main() { printf("%d", zlibVersion()[0] == ZLIB_VERSION[0]); return 0; }\n'
    )
    done = build(
        """pkgs.stdenv.mkDerivation {
          name = "zlib-user";
          src = ./.;
          nativeBuildInputs = [ pkgs.pkg-config ];
          buildInputs = [ pkgs.zlib ];
          buildPhase = "$CC main.c $(pkg-config --cflags --libs zlib) -o main";
          installPhase = "./main > $out";
        }"""
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).read_text() == "1"


def test_a_program_that_embeds_python_is_linked_as_sysconfig_says(
    build: Build, tmp_path: Path
) -> None:
    (tmp_path / "main.c").write_text(
        "#include <Python.h>\n"
        "int main(void) { Py_Initialize(); PyRun_SimpleString("
        '"import sys; print(sys.version_info[0])"); return Py_FinalizeEx(); }\n'
    )
    (tmp_path / "flags.py").write_text(
        "from sysconfig import get_config_var as var\n"
        "shared = f\"-L{var('LIBDIR')} -lpython{var('LDVERSION')}\"\n"
        "static = f\"{var('LIBPL')}/{var('LIBRARY')}\"\n"
        "print(shared if var('Py_ENABLE_SHARED') else static, var('LIBS'), var('SYSLIBS'))\n"
    )
    done = build(
        """pkgs.stdenv.mkDerivation {
          name = "embedding";
          src = ./.;
          nativeBuildInputs = [ pkgs.python3 pkgs.pkg-config ];
          buildInputs = [ pkgs.zlib pkgs.expat ];
          buildPhase = ''
            $CC main.c $(pkg-config --cflags python3-embed) $(python flags.py) -rdynamic -o main
          '';
          installPhase = "PYTHONHOME=${pkgs.python3} ./main > $out";
        }"""
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).read_text() == "3\n"


def test_phases_and_hooks(build: Build, tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(
        "all:\n\techo built > made\ninstall:\n\tmkdir -p $(PREFIX)\n\tcp made patched $(PREFIX)\n"
    )
    (tmp_path / "patched").write_text("before\n")
    (tmp_path / "change.patch").write_text(
        "--- a/patched\n+++ b/patched\n@@ -1 +1 @@\n-before\n+after\n"
    )
    done = build(
        """pkgs.stdenv.mkDerivation {
          pname = "made";
          version = "1";
          src = ./.;
          patches = [ ./change.patch ];
          makeFlags = [ "PREFIX=$(out)" ];
          postPatch = "substituteInPlace patched --replace after finally";
          postInstall = "echo post > $out/post";
        }"""
    )
    assert done.returncode == 0, done.stderr
    read = {path.name: path.read_text() for path in Path(done.stdout).iterdir()}
    assert read == {"made": "built\n", "patched": "finally\n", "post": "post\n"}


def test_a_failing_phase_fails_the_build(build: Build) -> None:
    done = build('pkgs.runCommand "x" { } "false; echo not reached > $out"')
    assert done.returncode != 0


def test_a_shell_has_the_packages_and_the_compiler(nix: Nix, tmp_path: Path) -> None:
    (tmp_path / "flake.nix").write_text(
        """{ outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {
          devShells.x86_64-linux.default = pkgs.mkShell {
            packages = [ pkgs.python3 ];
            GREETING = "hello";
            shellHook = "export HOOKED=1";
          };
        }; }"""
    )
    command = "type -P python3 gcc; echo $GREETING $HOOKED; false; exit 7"
    done = nix("develop", f"path:{tmp_path}", "-c", "bash", "-c", command)
    assert done.returncode == 7, done.stderr
    python, gcc, told = done.stdout.splitlines()
    assert "-python3-" in python
    assert "-gcc-wrapper-" in gcc
    assert told == "hello 1"
