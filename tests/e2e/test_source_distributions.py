"""Packages without a wheel: their builds are locked, and run offline in the sandbox."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.nix import environment, sandbox_run

pytestmark = [pytest.mark.nix, pytest.mark.index, pytest.mark.one_nix]

DATA = Path(__file__).parent / "data"
# Small packages of the index, with a build backend each.
BACKENDS = {
    "attrs": "hatchling",
    "docopt": "setuptools",
    "idna": "flit-core",
    "levenshtein": "scikit-build-core",
    "pywavelets": "meson-python",
    "tomlkit": "poetry-core",
}
BUILT = environment("built")


def locked(
    nix,
    user_flake,
    requirements: str,
    *arguments: str,
    env: str = BUILT,
    more: str = "",
) -> Path:
    """Write and lock a user's flake with the output `env`, and `more` outputs."""
    folder = user_flake(f"env = {env}; {more}", requirements=requirements)
    nix.lock(folder, *arguments, "requirements.yaml", "sources.yaml")
    return folder


def test_a_legacy_project_and_one_with_a_c_extension_build(nix, user_flake):
    folder = locked(nix, user_flake, 'docopt: "==0.6.2"\npython-Levenshtein: "==0.12.2"\n', "3.11")
    imported = nix.build("path:.#env.tests.imports", cwd=folder).read_text().splitlines()
    assert {"docopt: docopt", "python-levenshtein: Levenshtein"} <= set(imported)
    for package in ["docopt", "python-levenshtein"]:
        nix.build_twice(f"path:.#env.packages.{package}.wheel", cwd=folder)


def test_a_build_uses_the_numpy_that_the_environment_runs(nix, user_flake):
    folder = locked(
        nix,
        user_flake,
        'numpy: "<2.2"\npycocotools: {version: "==2.0", build-requires: [Cython, numpy]}\n',
        "--system",
        "x86_64-linux",
        "3.11",
    )
    sources = nix.evaluate("path:.#env.sources", cwd=folder)
    (build,) = sources["builds"]
    closure = {item["name"]: item["version"] for item in build["closure"]}
    assert closure["numpy"] == sources["closure"]["numpy"]
    built = nix.build("path:.#env", cwd=folder)
    code = (
        "import numpy, pycocotools.mask as m; print(m.area(m.encode(numpy.eye(4, 4, 0, 'B', 'F'))))"
    )
    printed = subprocess.run(
        [built / "bin" / "python", "-c", code],
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == "4\n"


def test_overrides_reach_the_build(nix, user_flake):
    patch = (
        "--- a/docopt.py\n+++ b/docopt.py\n@@ -1,3 +1,4 @@\n+PATCHED = True\n"
        ' """Pythonic command-line interface parser that will make you smile.\n \n'
        "  * http://docopt.org\n"
    )
    folder = locked(
        nix,
        user_flake,
        'docopt: "==0.6.2"\n',
        "3.11",
        env=environment(
            "built", 'overrides.docopt = { patches = [ ./docopt.patch ]; env.PROBE = "1"; };'
        ),
    )
    (folder / "docopt.patch").write_text(patch, encoding="utf-8")
    built = nix.build("path:.#env", cwd=folder)
    printed = subprocess.run(
        [built / "bin" / "python", "-c", "import docopt; print(docopt.PATCHED)"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed == "True\n"


WITH_LIBRARIES = environment(
    "built",
    """
    overrides.pyyaml.buildInputs = [ pkgs.libyaml ];
    overrides.cffi = { buildInputs = [ pkgs.libffi ]; nativeBuildInputs = [ pkgs.pkg-config ]; };
    """,
)
PARSED_IN_C = """
import os, cffi, yaml
assert yaml.__with_libyaml__
ffi = cffi.FFI()
ffi.cdef("int abs(int);")
with open(os.environ["out"], "w") as out:
    print(yaml.load("[3, 4]", yaml.CSafeLoader), ffi.dlopen(None).abs(-5), file=out)
"""


def test_builds_find_the_libraries_and_programs_that_overrides_give(nix, user_flake):
    versions = {"PyYAML": "6.0.3", "cffi": "2.0.0"}
    folder = locked(
        nix,
        user_flake,
        "".join(
            f'{name}: {{version: "=={version}", prefer-sdist: true}}\n'
            for name, version in versions.items()
        ),
        "--system",
        "x86_64-linux",
        "3.11",
        env=WITH_LIBRARIES,
        more=f"check = {sandbox_run(WITH_LIBRARIES)};",
    )
    (folder / "program.py").write_text(PARSED_IN_C, encoding="utf-8")
    # Libraries of the build are found at run time, too, and the report names the override.
    assert nix.build("path:.#check", cwd=folder).read_text() == "[3, 4] 5\n"
    report = nix.build("path:.#env.report", cwd=folder).read_text()
    assert re.search(r"^  pyyaml 6\.0\.3 .* libyaml-0\.so\.2 +overrides\.pyyaml$", report, re.M)
    assert re.search(r"^  cffi 2\.0\.0 .* libffi\.so\.\d+ +overrides\.cffi$", report, re.M)


LINKED = """\
from setuptools import Extension, setup
setup(
    name="linked",
    version="1",
    ext_modules=[Extension("linked", ["linked.c"], libraries=["pcre2-32"])],
)
"""
# The version of the library is asked for as it is loaded.
MODULE = r"""
#define PCRE2_CODE_UNIT_WIDTH 32
#include <Python.h>
#include <pcre2.h>
static struct PyModuleDef module = { PyModuleDef_HEAD_INIT, "linked" };
PyMODINIT_FUNC PyInit_linked(void) {
    return pcre2_config(PCRE2_CONFIG_VERSION, NULL) > 0 ? PyModule_Create(&module) : NULL;
}
"""


def test_a_library_that_a_build_gets_through_another_is_found(nix, user_flake):
    env = environment("built", "overrides.linked.buildInputs = [ pkgs.glib ];")
    check = sandbox_run(env)
    folder = user_flake(f"env = {env}; check = {check};", requirements="linked: {path: ./linked}\n")
    project = folder / "linked"
    project.mkdir()
    (project / "setup.py").write_text(LINKED, encoding="utf-8")
    (project / "linked.c").write_text(MODULE, encoding="utf-8")
    (folder / "program.py").write_text(
        "import os, linked\nopen(os.environ['out'], 'w').write(linked.__name__)\n"
    )
    nix.lock(folder, "3.11", "requirements.yaml", "sources.yaml", "--system", "x86_64-linux")
    assert nix.build("path:.#check", cwd=folder).read_text() == "linked"


def test_every_kind_of_backend_builds_though_wheels_exist(nix, user_flake):
    versions = {
        "attrs": "26.1.0",
        "docopt": "0.6.2",
        "idna": "3.20",
        "Levenshtein": "0.27.5",
        "PyWavelets": "1.9.0",
        "tomlkit": "0.15.2",
    }
    lines = [
        f'{name}: {{version: "=={version}", prefer-sdist: true}}\n'
        for name, version in versions.items()
    ]
    # Its only file is a zip.
    lines.append('simplegeneric: "==0.8.1"\n')
    folder = locked(
        nix,
        user_flake,
        "".join(lines),
        "--system",
        "x86_64-linux",
        "3.11",
        env=environment("built", "overrides.idna.preferSdist = true;"),
    )
    sources = nix.evaluate("path:.#env.sources", cwd=folder)
    closures = {
        build["package"]: {item["name"] for item in build["closure"]} for build in sources["builds"]
    }
    assert {*BACKENDS, "simplegeneric"} <= {*closures}
    for package, backend in BACKENDS.items():
        assert backend in closures[package]
    assert {"cmake", "ninja"} <= closures["levenshtein"]
    assert "cython" in closures["pywavelets"]
    imported = nix.build("path:.#env.tests.imports", cwd=folder).read_text().splitlines()
    assert {
        "attrs: attr",
        "attrs: attrs",
        "docopt: docopt",
        "idna: idna",
        "levenshtein: Levenshtein",
        "pywavelets: pywt",
        "simplegeneric: simplegeneric",
        "tomlkit: tomlkit",
    } <= {*imported}
    # scikit-build-core builds in a folder with a random name.
    if nix.executable is None:
        nix.build_twice("path:.#env.packages.levenshtein.wheel", cwd=folder)


def test_a_bzip2_archive_builds(nix, user_flake):
    # Later versions of uv don't read this format; the lock was written with uv 0.9.0.
    folder = user_flake(f"env = {BUILT};", sources=DATA / "python-constraint.yaml")
    imported = nix.build("path:.#env.tests.imports", cwd=folder).read_text().splitlines()
    assert "python-constraint: constraint" in imported
