"""Files of an index are found in the Nix store, and put there as a build would."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from lock.errors import UsageError
from lock.io.nix_store import NixStore, store_name, store_path
from tests.support.evaluation import value_of
from tests.support.project import ROOT

NAMES = [
    "idna-3.10-py3-none-any.whl",
    "torch-2.1.0%2Bcpu-cp311-cp311-linux_x86_64.whl",
    ".hidden-1.0.whl",
    f"long-1.0-{'manylinux_2_28_x86_64.' * 12}whl",
]


@pytest.mark.nix
@pytest.mark.parametrize("name", NAMES)
def test_names_and_paths_are_those_that_nix_gives(name: str) -> None:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    expression = f"""
      let
        name = (import {ROOT}/lib/text.nix).storeName "{name}";
        file = import <nix/fetchurl.nix> {{ url = "x"; sha256 = "{sha256}"; inherit name; }};
      in [ name (builtins.unsafeDiscardStringContext file.outPath) ]"""
    assert value_of(expression) == [store_name(name), store_path(name, sha256)]


@pytest.mark.nix
def test_an_added_file_is_where_a_download_would_be(tmp_path: Path) -> None:
    content = os.urandom(100)
    sha256 = hashlib.sha256(content).hexdigest()
    file = tmp_path / "demo-1.0-py3-none-any.whl"
    file.write_bytes(content)
    store = NixStore(os.environ, tmp_path)
    assert store.find(file.name, sha256, 100) is None
    store.add(file)
    store.flush()
    assert store.problem == ""
    assert not file.exists()
    found = store.find(file.name, sha256, 100)
    assert found is not None
    assert found.read_bytes() == content
    assert store.find(file.name, sha256, 99) is None
    # Tidying up: Nix refuses where another test's process has just been seen to use the store.
    subprocess.run(["nix-store", "--delete", found], check=False, capture_output=True)


def test_what_nix_says_against_it_is_told_once(tmp_path: Path) -> None:
    program = tmp_path / "nix-store"
    program.write_text("#!/bin/sh\necho trouble\necho cannot connect >&2\nexit 1\n")
    program.chmod(0o755)
    store = NixStore({**os.environ, "WHEELHOUSE_NIX_STORE": str(program)}, tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
        store.add(tmp_path / name)
        store.flush()
        assert not (tmp_path / name).exists()
    assert store.problem == "cannot connect"


def test_what_nix_says_is_told_in_any_encoding(tmp_path: Path) -> None:
    program = tmp_path / "nix-store"
    program.write_text("#!/bin/sh\nprintf 'error: no \\377 here\\n' >&2\nexit 1\n")
    program.chmod(0o755)
    store = NixStore({**os.environ, "WHEELHOUSE_NIX_STORE": str(program)}, tmp_path)
    with pytest.raises(
        UsageError, match="the Nix store can't be asked: no \N{REPLACEMENT CHARACTER} here"
    ):
        store.invalid(["/nix/store/x"])


def test_without_nix_nothing_is_added(tmp_path: Path) -> None:
    assert NixStore({"PATH": str(tmp_path)}, tmp_path).program is None
    assert NixStore({**os.environ, "WHEELHOUSE_NIX_STORE": ""}, tmp_path).program is None
