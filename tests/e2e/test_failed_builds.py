"""A build that lacks a library or a program says which line gives it; with the line it works."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.nix import Nix, environment, sandbox_run, write_user_flake

pytestmark = [pytest.mark.nix, pytest.mark.index]

# What each build lacks, and the line that its error ends with.
LACKING = {
    "bjoern": ("the header ev.h", ".buildInputs = [ pkgs.libev ]"),
    "mysqlclient": (
        "the program pkg-config, the pkg-config module mysqlclient",
        " = { buildInputs = [ pkgs.libmysqlclient ]; nativeBuildInputs = [ pkgs.pkg-config ]; }",
    ),
    "psycopg2": (
        "the program pg_config",
        " = { buildInputs = [ pkgs.libpq ]; nativeBuildInputs = [ pkgs.libpq.pg_config ]; }",
    ),
}
VERSIONS = {
    "bjoern": "3.2.2",
    "mysqlclient": "2.3.2",
    "psycopg2": "2.9.13",
}
USE_CFFI = """
import os, cffi
ffi = cffi.FFI()
ffi.cdef("int abs(int);")
with open(os.environ["out"], "w") as out:
    print(ffi.dlopen(None).abs(-5), file=out)
"""


def requirements(versions: Mapping[str, str]) -> str:
    """Return the text of a requirements.yaml with source distributions."""
    lines = (
        f'{name}: {{version: "=={version}", prefer-sdist: true}}\n'
        for name, version in versions.items()
    )
    return "".join(lines)


def failed_build(nix: Nix, folder: Path, package: str) -> list[str]:
    """Build the wheel of a package, which must fail; return the lines of its error."""
    built = f"path:.#env.packages.{package}.wheel"
    done = nix.run("build", "--no-link", "-L", built, cwd=folder)
    assert done.returncode != 0
    # Nix puts the name of the derivation before each line.
    log = [line.partition("> ")[2] for line in done.stderr.splitlines() if "> " in line]
    (start,) = (at for at, line in enumerate(log) if line.startswith("wheelhouse: error: "))
    return log[start:]


@pytest.fixture(scope="module")
def locked(nix, tmp_path_factory) -> Path:
    """Return a flake with packages whose builds lack something of the system."""
    folder = write_user_flake(
        tmp_path_factory.mktemp("lacking"),
        f"env = {environment('lacking')};",
        requirements=requirements(VERSIONS),
    )
    nix.lock(folder, "--no-native", "--system", "x86_64-linux", "3.11")
    return folder


@pytest.mark.parametrize("package", sorted(LACKING))
def test_the_error_ends_with_the_line_to_paste(nix, locked, package):
    missing, line = LACKING[package]
    error = failed_build(nix, locked, package)
    assert f"It lacks {missing}" in error[0]
    assert error[-1].strip() == f"overrides.{package}{line};"


@pytest.mark.one_nix
def test_with_the_line_of_the_error_the_build_works(nix, user_flake):
    folder = user_flake(
        f"env = {environment('lacking')};", requirements=requirements({"cffi": "2.0.0"})
    )
    nix.lock(folder, "--no-native", "--system", "x86_64-linux", "3.11")
    line = failed_build(nix, folder, "cffi")[-1]
    env = environment("lacking", line)
    user_flake(
        f"env = {env}; check = {sandbox_run(env)};", requirements=requirements({"cffi": "2.0.0"})
    )
    (folder / "program.py").write_text(USE_CFFI, encoding="utf-8")
    assert nix.build("path:.#check", cwd=folder).read_text() == "5\n"
