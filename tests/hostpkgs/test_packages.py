"""The host package set's packages, in the sandbox, which has only what they bring."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., subprocess.CompletedProcess[str]]
    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]

RUN = """
let
  run = python: environment: program:
    derivation ({{
      name = "run";
      system = "x86_64-linux";
      builder = "${{python}}/bin/python3";
      args = [ "-c" program ];
      PATH = "${{python}}/bin";
    }} // environment);
in
{}
"""

BASICS = r"""
import bz2, ctypes, curses, decimal, hashlib, lzma, multiprocessing, os, readline, socket
import sqlite3, ssl, subprocess, sys, uuid, zlib
sqlite3.connect(':memory:').execute('select 1')
ssl.create_default_context()
ctypes.CDLL(None).printf
lzma.decompress(lzma.compress(bz2.compress(zlib.compress(b'x'))))
subprocess.run([sys.executable, '-m', 'venv', '--without-pip', '/build/v'], check=True)
code = 'import ssl, sys; print(sys.prefix, sys.base_prefix)'
told = subprocess.run(['/build/v/bin/python', '-c', code], capture_output=True, text=True).stdout
assert told.split() == ['/build/v', sys.prefix], told
verbose = [sys.executable, '-v', '-c', 'import json, ssl']
quiet = subprocess.run(verbose, capture_output=True, text=True)
assert 'code object from' in quiet.stderr and "wrote '" not in quiet.stderr
stale = [line for line in quiet.stderr.splitlines()
         if line.startswith('# code object from') and line.rstrip("'").endswith('.py')]
assert not stale, stale
open(os.environ['out'], 'w').write('%d.%d' % sys.version_info[:2] + ' ' + sys.prefix)
"""

DLOPEN = r"""
import ctypes, json, os
failed = {}
for folder in os.environ['folders'].split(':'):
    for name in sorted(os.listdir(folder)):
        # the debugger's: its symbols are in gdb
        if '.so' in name and not name.startswith('libthread_db'):
            pid = os.fork()
            if not pid:
                ctypes.CDLL(folder + '/' + name)
                os._exit(0)
            if os.waitpid(pid, 0)[1]:
                failed[name] = folder
open(os.environ['out'], 'w').write(json.dumps(failed))
"""

NUMPY = r"""
import os, sys, zipfile
zipfile.ZipFile(os.environ['wheel']).extractall('/build/site')
sys.path.insert(0, '/build/site')
import numpy
open(os.environ['out'], 'w').write(repr(numpy.linalg.inv([[2.0, 0.0], [0.0, 4.0]]).tolist()))
"""


def attributes(nix: Nix, expression: str, system: str = "x86_64-linux") -> Any:
    done = nix("eval", "--json", f"nixpkgs#legacyPackages.{system}", "--apply", expression)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_there_is_an_interpreter_for_each_version_of_this_machine(nix: Nix) -> None:
    names = attributes(nix, 'p: builtins.filter (n: builtins.match "python3[0-9]+" n != null)'
                            " (builtins.attrNames p)")  # fmt: skip
    assert f"python3{sys.version_info[1]}" in names


def test_the_oldest_and_the_newest_interpreter_work(build: Build, nix: Nix) -> None:
    names = attributes(nix, "builtins.attrNames")
    minors = sorted(int(name[7:]) for name in names if re.fullmatch(r"python3\d+", name))
    for attribute in dict.fromkeys(["python3", f"python3{minors[0]}", f"python3{minors[-1]}"]):
        done = build(RUN.format(f"run pkgs.{attribute} {{ }} ''{BASICS}''"))
        assert done.returncode == 0, done.stderr
        version, prefix = Path(done.stdout).read_text().split()
        told = attributes(nix, f"p: with p.{attribute}; [ pythonVersion outPath ]")
        assert told == [version, prefix]


def test_interpreters_say_what_nixpkgs_says(nix: Nix) -> None:
    told = attributes(
        nix,
        "p: with p.python3; { inherit pythonVersion version sitePackages interpreter implementation"
        " sourceVersion isPy3 libPrefix; prefix = outPath; }",
    )
    minor = told["pythonVersion"]
    numbers = told["version"].split(".")
    assert minor == ".".join(numbers[:2])
    assert told["sitePackages"] == f"lib/python{minor}/site-packages"
    assert told["interpreter"] == f"{told['prefix']}/bin/python{minor}"
    assert told["implementation"] == "cpython"
    assert told["isPy3"] is True
    assert [told["sourceVersion"][key] for key in ("major", "minor", "patch")] == numbers


def numpy_program(environment: str, project: Path) -> str:
    pins = json.loads((project / "tests/hostpkgs/numpy.json").read_text())
    fetched = f'import <nix/fetchurl.nix> {{ url = "{pins["url"]}"; sha256 = "{pins["sha256"]}"; }}'
    return RUN.format(f"run pkgs.python311 ({{ wheel = {fetched}; }} // {environment}) ''{NUMPY}''")


def test_a_wheel_without_its_system_libraries_fails(build: Build, project: Path) -> None:
    done = build(numpy_program("{ }", project))
    assert done.returncode != 0
    assert "cannot open shared object file" in done.stderr
    assert "libgcc_s.so.1" in done.stderr or "libstdc++.so.6" in done.stderr


def test_a_wheel_with_its_system_libraries_works(build: Build, project: Path) -> None:
    libraries = '{ LD_LIBRARY_PATH = "${pkgs.stdenv.cc.cc.lib}/lib:${pkgs.zlib}/lib"; }'
    done = build(numpy_program(libraries, project))
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).read_text() == "[[0.5, 0.0], [0.0, 0.25]]"


def test_the_compilers_runtime_is_one_package_as_in_nixpkgs(build: Build) -> None:
    done = build("pkgs.stdenv.cc.cc.lib")
    assert done.returncode == 0, done.stderr
    names = {path.name.partition(".so")[0] for path in (Path(done.stdout) / "lib").iterdir()}
    assert names == {"libstdc++", "libgcc_s", "libgomp", "libatomic"}


@pytest.mark.parametrize("name", ["manylinux1", "manylinux2010", "manylinux2014"])
def test_every_manylinux_library_can_be_opened_alone(build: Build, name: str) -> None:
    folders = (
        f'builtins.concatStringsSep ":" (map (p: "${{p}}/lib")'
        f" (pkgs.pythonManylinuxPackages.{name} ++ [ pkgs.zlib pkgs.expat ]))"
    )
    done = build(RUN.format(f"run pkgs.python3 {{ folders = {folders}; }} ''{DLOPEN}''"))
    assert done.returncode == 0, done.stderr
    assert json.loads(Path(done.stdout).read_text()) == {}


def test_the_manylinux_lists_have_what_the_peps_name(build: Build) -> None:
    # PEP 599, without the C library's own
    wanted = ["libgcc_s.so.1", "libstdc++.so.6", "libX11.so.6", "libXext.so.6", "libXrender.so.1",
              "libICE.so.6", "libSM.so.6", "libGL.so.1", "libgobject-2.0.so.0",
              "libgthread-2.0.so.0", "libglib-2.0.so.0", "libpthread.so.0"]  # fmt: skip
    program = (
        "import os, json\n"
        "have = {n for d in os.environ['folders'].split(':') for n in os.listdir(d)}\n"
        f"open(os.environ['out'], 'w').write(json.dumps(sorted(set({wanted}) - have)))"
    )
    folders = (
        'builtins.concatStringsSep ":" (map (p: "${p}/lib")'
        " pkgs.pythonManylinuxPackages.manylinux2014)"
    )
    done = build(RUN.format(f"run pkgs.python3 {{ folders = {folders}; }} ''{program}''"))
    assert done.returncode == 0, done.stderr
    assert json.loads(Path(done.stdout).read_text()) == []


def test_an_interpreter_brings_along_libc_and_nothing_else(nix: Nix, build: Build) -> None:
    done = build("pkgs.python3")
    closure = nix("path-info", "-r", done.stdout).stdout.split()
    assert sorted(path[44:].rsplit("-", 1)[0] for path in closure) == ["glibc", "python3"]


@pytest.mark.parametrize("attribute", ["python3", "zlib", "stdenv", "glibc", "patchelf"])
def test_packages_are_reproducible(nix: Nix, attribute: str) -> None:
    assert nix("build", "--no-link", f"nixpkgs#{attribute}").returncode == 0
    again = nix("build", "--no-link", "--rebuild", f"nixpkgs#{attribute}")
    assert again.returncode == 0, again.stderr


def test_another_cache_folder_gives_the_same_store_paths(nix: Nix, tmp_path: Path) -> None:
    query = ["eval", "--raw", "nixpkgs#python3.drvPath"]
    here = nix(*query)
    elsewhere = nix(*query, env={"XDG_CACHE_HOME": str(tmp_path)})
    assert here.stdout.endswith(".drv"), here.stderr
    assert here.stdout == elsewhere.stdout


@pytest.mark.parametrize("tool", ["bash", "coreutils", "uv", "patchelf", "gnutar", "pkg-config"])
def test_tools_run(build: Build, tool: str) -> None:
    program = {"coreutils": "ls", "gnutar": "tar"}.get(tool, tool)
    code = (
        "import os, subprocess\n"
        f"subprocess.run([os.environ['tool'] + '/bin/{program}', '--version'], check=True)\n"
        "open(os.environ['out'], 'w')"
    )
    done = build(RUN.format(f"run pkgs.python3 {{ tool = pkgs.{tool}; }} ''{code}''"))
    assert done.returncode == 0, done.stderr


def test_a_build_may_use_all_cores(build: Build) -> None:
    script = 'echo "$NIX_BUILD_CORES" >"$out"'
    expression = f"pkgs.stdenv.mkDerivation {{ name = \"cores\"; buildCommand = ''{script}''; }}"
    done = build(expression, env={"NIX_CONFIG": "cores = 0"})
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).read_text() == f"{os.cpu_count()}\n"


def test_overlays_and_import_work_as_with_nixpkgs(build: Build) -> None:
    done = build(
        'let p = import nixpkgs { system = "x86_64-linux"; config = { };'
        ' overlays = [ (final: previous: { mine = final.writeText "mine" final.zlib.pname; }) ]; };'
        ' in (p.extend (final: previous: { yours = final.runCommand "yours" { }'
        ' "cat ${previous.mine} > $out"; })).yours'
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout).read_text() == "zlib"
