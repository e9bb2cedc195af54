"""What wheels need of the system is in the lock and in the environment, with nothing by hand."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.c_compiler import Compiler
from tests.support.index_server import Index, serve
from tests.support.nix import Nix, environment, sandbox_run
from tests.support.wheels import Wheel

pytestmark = [pytest.mark.nix, pytest.mark.one_nix]

TAG = "py3-none-manylinux_2_17_x86_64"
# A library of the wheel's own, which is opened by its path and needs one of the system.
NATIVE = """\
import ctypes, os.path
library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libalpha.so"))
version = library.alpha_version()
"""
OPENING = """\
from ctypes import CDLL
from ctypes.util import find_library
version = CDLL(find_library("magic")).magic_version()
"""
PROGRAM = """\
import os
import alpha, beta
with open(os.environ["out"], "w") as out:
    print(alpha.version > 10000, beta.version > 500, file=out)
"""


def requiring(name: str, requirement: str) -> dict[str, str]:
    """Return the metadata of a distribution with a requirement."""
    lines = (
        "Metadata-Version: 2.1",
        f"Name: {name}",
        "Version: 1.0",
        f"Requires-Dist: {requirement}",
    )
    return {"METADATA": "\n".join((*lines, ""))}


def native_library(compiler: Compiler) -> bytes:
    """Return a library that asks libzstd for its version."""
    code = "unsigned ZSTD_versionNumber(void) { return 0; }"
    options = ("-shared", "-fPIC")
    zstd = compiler.compile("libzstd.so.1", code, *options, "-Wl,-soname,libzstd.so.1")
    code = f"{code.partition('{')[0]}; int alpha_version(void) {{ return ZSTD_versionNumber(); }}"
    return compiler.compile("libalpha.so", code, *options, str(zstd)).read_bytes()


@pytest.fixture
def locked(nix: Nix, user_flake, compiler: Compiler, tmp_path: Path) -> Path:
    """A flake with a lock of three wheels, whose index is gone."""
    served: dict[str, Index] = {}
    # Nobody has this content in the store yet.
    salt = f"salt = {os.urandom(8).hex()!r}\n"
    with serve(served) as address:
        index = served["0"] = Index(f"{address}/0")
        index.responding.set()
        native = {"alpha/__init__.py": NATIVE + salt, "alpha/libalpha.so": native_library(compiler)}
        index.valid_wheel(
            Wheel("alpha", files=native, tag=TAG, metadata=requiring("alpha", "beta"))
        )
        opening = {"beta.py": OPENING + salt}
        index.valid_wheel(Wheel("beta", files=opening, metadata=requiring("beta", "gamma")))
        index.valid_wheel(Wheel("gamma", files={"gamma.py": salt}))
        env, plain = environment("env"), environment("plain", "nativeLibraries = false;")
        broken = environment("broken", "overrides.alpha.nativeLibraries = false;")
        outputs = f"inherit (pkgs) file zstd; env = {env}; plain = {plain};"
        outputs += f"broken = {sandbox_run(broken, './program.py')};"
        folder = user_flake(
            f"{outputs} check = {sandbox_run(env, './program.py')};",
            requirements='alpha: "*"\n',
        )
        (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
        done = nix.run(
            "run", ".#lock", "--", "3.11", "--system", "x86_64-linux",
            folder / "requirements.yaml", folder / "sources.yaml",
            environment={"UV_DEFAULT_INDEX": index.simple, "XDG_CACHE_HOME": str(tmp_path)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return folder


def closure(path: Path) -> set[str]:
    """Return the store paths that a path needs, without their hashes."""
    done = subprocess.run(
        ["nix-store", "--query", "--requisites", path], capture_output=True, text=True, check=True
    )
    return {line.rpartition("/")[2][33:] for line in done.stdout.splitlines()}


def test_libraries_are_there_and_no_wheel_is_downloaded_twice(nix: Nix, locked: Path) -> None:
    found = yaml.safe_load((locked / "sources.yaml").read_text(encoding="utf-8"))
    assert found["native"] == [
        {"package": "alpha", "version": "1.0", "libraries": ["libzstd.so.1"]},
        {"package": "beta", "version": "1.0", "opened": ["libmagic.so"]},
    ]
    assert nix.build("path:.#check", cwd=locked).read_text() == "True True\n"
    # Nothing else gets into the closure: what remains is theirs.
    further = closure(nix.build("path:.#env", cwd=locked)) - closure(
        nix.build("path:.#plain", cwd=locked)
    )
    own = {name for name in further if "python3.11" in name or name == "env"}
    libraries = closure(nix.build("path:.#zstd", cwd=locked)) | closure(
        nix.build("path:.#file", cwd=locked)
    )
    assert own < further <= own | libraries


def test_what_is_switched_off_is_missing(nix: Nix, locked: Path) -> None:
    done = nix.run("build", "--no-link", "--print-build-logs", "path:.#broken", cwd=locked)
    assert done.returncode != 0
    assert "libzstd.so.1: cannot open shared object file" in done.stderr
    assert "libzstd.so.1 (libalpha.so of alpha) → pkgs.zstd" in done.stderr


IMPORT = """\
import os
import psycopg2
with open(os.environ["out"], "w") as out:
    print(psycopg2.__libpq_version__ > 100000, file=out)
"""


@pytest.mark.index
def test_a_source_distribution_is_built_with_what_it_asks_for(nix: Nix, user_flake) -> None:
    env = environment("env")
    outputs = f"check = {sandbox_run(env, './program.py')};"
    folder = user_flake(outputs, requirements='psycopg2: "==2.9.13"\n')
    (folder / "program.py").write_text(IMPORT, encoding="utf-8")
    nix.lock(folder, "--system", "x86_64-linux", "3.11")
    assert nix.build("path:.#check", cwd=folder).read_text() == "True\n"
