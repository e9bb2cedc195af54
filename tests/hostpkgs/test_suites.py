"""Package sets of Debian suites: whole, of one suite alone, and for two systems."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostpkgs.test_foreign_systems import EVERYTHING
from tests.hostpkgs.test_packages import BASICS, RUN

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., subprocess.CompletedProcess[str]]
    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]

TESTING = {"WHEELHOUSE_NIXPKGS": "testing"}
SYSTEMS = ("x86_64-linux", "aarch64-linux")
# a suite lacks some libraries, which is told where one is used
OFFERED = re.sub(
    r"p\.\$\{n\} \? \w+", lambda found: f"(builtins.tryEval ({found[0]})).value", EVERYTHING
)
PYTHONS = """p: map (n: [ n p.${n}.pythonVersion p.${n}.version ])
  (builtins.filter (n: builtins.match "python3[0-9]*" n != null) (builtins.attrNames p))"""

# C, C++ and Fortran, each with a library of its own, and an extension module with one of Debian.
COMPILES = r"""
  (pkgs.stdenv.mkDerivation {
    name = "compiled";
    nativeBuildInputs = [ pkgs.%s pkgs.gfortran pkgs.pkg-config ];
    buildInputs = [ pkgs.zlib ];
    buildCommand = ''
      cat >extension.c <<'END'
      #include <Python.h>
      #include <zlib.h>
      static PyObject *version(PyObject *self, PyObject *none) {
        return PyUnicode_FromString(zlibVersion());
      }
      static PyMethodDef methods[] = {{"version", version, METH_NOARGS, 0}, {0}};
      static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "extension", 0, -1, methods};
      PyMODINIT_FUNC PyInit_extension(void) { return PyModule_Create(&module); }
      END
      gcc -shared -fPIC $(python3-config --includes) $(pkg-config --cflags zlib) extension.c -lz \
        -o extension.so
      printf '#include <iostream>\nint main() { std::cout << "C++ "; }\n' >main.cc
      g++ main.cc -o cxx
      printf 'program main\n  print *, "Fortran"\nend program\n' >main.f90
      gfortran main.f90 -o fortran
      mkdir -p $out
      { ./cxx; ./fortran; python3 -c 'import extension; print(extension.version())'
        python3 -c 'import platform; print(*platform.libc_ver())'; } >$out/told
      cp cxx fortran extension.so $out
    '';
  })
"""


TOLD = """
import os, sys, sysconfig
for name in ("LIBPL", "INCLUDEPY"):
    folder = sysconfig.get_config_var(name)
    print(os.path.isdir(folder) and os.path.realpath(folder).startswith(sys.prefix))
"""


def evaluate(nix: Nix, system: str, expression: str) -> Any:
    wanted = ["--json", f"nixpkgs#legacyPackages.{system}", "--apply", expression]
    done = nix("eval", *wanted, env=TESTING)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def closure(nix: Nix, path: str) -> list[str]:
    return nix("path-info", "-r", path).stdout.split()


def test_every_attribute_evaluates_for_each_system(nix: Nix) -> None:
    own, emulated = (evaluate(nix, system, OFFERED) for system in SYSTEMS)
    darwin = evaluate(nix, "aarch64-darwin", OFFERED)
    assert len(own["drvs"]) > 150
    # a library may be missing for one of the systems
    assert len(own["drvs"].keys() ^ emulated["drvs"].keys()) < 5
    assert not set(own["drvs"].values()) & set(emulated["drvs"].values())
    assert own["libc"] == emulated["libc"] == darwin["libc"]
    assert own["python"] == emulated["python"] == darwin["python"]
    assert emulated["platform"]["system"] == "aarch64-linux"


def test_a_suite_has_newer_pythons_than_this_machine_and_says_which_is_its_own(nix: Nix) -> None:
    pythons = {name: told for name, *told in evaluate(nix, "x86_64-linux", PYTHONS)}
    own = pythons.pop("python3")
    assert len(pythons) >= 2
    for name, (minor, version) in pythons.items():
        assert name == f"python{minor.replace('.', '')}"
        assert version.startswith(f"{minor}.")
    assert own in pythons.values()
    assert max(int(name.removeprefix("python3")) for name in pythons) >= 15


def test_no_program_of_another_system_runs_to_make_its_pythons(nix: Nix) -> None:
    names = "p: { python = p.python3.system; libc = p.glibc.system; made = p.stdenv.system; }"
    told = evaluate(nix, "aarch64-linux", names)
    # the derivations' own; what is built with stdenv is for the other system
    assert told == {"python": "x86_64-linux", "libc": "x86_64-linux", "made": "aarch64-linux"}


def test_what_a_suite_lacks_is_told_when_it_is_used(nix: Nix) -> None:
    wanted = "nixpkgs#legacyPackages.aarch64-linux.ncurses5"
    done = nix("build", "--no-link", wanted, env=TESTING)
    assert done.returncode != 0
    assert "Debian's suite testing has no package for ncurses5." in done.stderr


def test_the_pythons_of_a_suite_work_with_its_own_libc_alone(build: Build, nix: Nix) -> None:
    done = build(RUN.format(f"run pkgs.python3 {{ }} ''{BASICS}''"), env=TESTING)
    assert done.returncode == 0, done.stderr
    prefix = Path(done.stdout).read_text().split()[1]
    paths = closure(nix, prefix)
    assert sorted(path[44:].rsplit("-", 1)[0] for path in paths) == ["glibc", "python3"]
    (libc,) = (path for path in paths if "-glibc-" in path)
    of_machine = nix("eval", "--raw", "nixpkgs#glibc.outPath").stdout
    assert libc != of_machine
    assert libc.rsplit("-", 1)[1] == evaluate(nix, "x86_64-linux", "p: p.glibc.version")


def test_pythons_name_their_own_prefix(build: Build) -> None:
    done = build("pkgs.python3", env=TESTING)
    assert done.returncode == 0, done.stderr
    prefix = Path(done.stdout)
    printed = subprocess.run(
        [prefix / "bin/python3", "-c", TOLD], capture_output=True, text=True, check=True
    ).stdout
    assert printed.split() == ["True", "True"]
    told = [*prefix.glob("lib/python3.*/*.json"), *prefix.glob("lib/pkgconfig/*.pc")]
    assert [
        path for path in told if re.search(r"/usr/(lib|include)/python", path.read_text())
    ] == []
    links = {path.name: path.readlink() for path in (prefix / "bin").iterdir() if path.is_symlink()}
    assert links.keys() == {"python", "python3", "python3-config"}


@pytest.mark.large
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_python_of_a_suite_compiles_with_its_compiler(
    nix: Nix, tmp_path: Path, system: str
) -> None:
    libc = evaluate(nix, system, "p: p.glibc.outPath")
    for name, _, _ in evaluate(nix, system, PYTHONS):
        (tmp_path / "flake.nix").write_text(
            "{ outputs = { self, nixpkgs }: let"
            f" pkgs = nixpkgs.legacyPackages.{system};"
            f" in {{ packages.{system}.default = {COMPILES % name}; }}; }}"
        )
        link = tmp_path / name
        wanted = f"path:{tmp_path}#packages.{system}.default"
        done = nix("build", "-L", "-o", str(link), wanted, env=TESTING)
        assert done.returncode == 0, done.stderr
        lines = (link / "told").read_text().split("\n")
        assert lines[0].split() == ["C++", "Fortran"]
        assert lines[2] == f"glibc {libc.rsplit('-', 1)[1]}"
        assert [path for path in closure(nix, str(link.resolve())) if "-glibc-" in path] == [libc]


@pytest.mark.large
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_suites_compiler_has_nothing_of_another_libc(nix: Nix, system: str) -> None:
    libc = evaluate(nix, system, "p: p.glibc.outPath")
    wanted = f"nixpkgs#legacyPackages.{system}.stdenv"
    assert nix("build", "--no-link", wanted, env=TESTING).returncode == 0
    path = evaluate(nix, system, "p: p.stdenv.outPath")
    paths = closure(nix, path)
    assert [path for path in paths if "-glibc-" in path] == [libc]
    assert not [path for path in paths if "-python3-" in path]
