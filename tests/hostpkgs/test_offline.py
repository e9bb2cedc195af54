"""Evaluation with the host package set asks no network, and outlives a garbage collection."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.nix

NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:1")

FOLLOWING = """{
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";
  outputs = { nixpkgs, wheelhouse, ... }: {
    told = [ nixpkgs.legacyPackages.x86_64-linux.zlib.drvPath (toString wheelhouse) ];
  };
}"""
LEADING = """{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs";
  inputs.wheelhouse = { url = "github:OWNER/wheelhouse"; inputs.nixpkgs.follows = "nixpkgs"; };
  outputs = { nixpkgs, wheelhouse, ... }: {
    told = [ nixpkgs.legacyPackages.x86_64-linux.zlib.drvPath (toString wheelhouse) ];
  };
}"""


@pytest.mark.parametrize("flake", [FOLLOWING, LEADING])
def test_a_users_flake_without_a_lock_evaluates_offline(
    nix: Nix, tmp_path: Path, flake: str
) -> None:
    (tmp_path / "flake.nix").write_text(flake)
    done = nix("eval", "--raw", ".#told", "--apply", "toString", cwd=tmp_path, env=NO_NETWORK)
    assert done.returncode == 0, done.stderr
    drv, source = done.stdout.split()
    assert drv.endswith(".drv")
    assert source.startswith("/nix/store/")
    assert not (tmp_path / "flake.lock").exists()


def test_impure_expressions_find_nixpkgs(nix: Nix) -> None:
    done = nix("eval", "--impure", "--raw", "--expr", "(import <nixpkgs> { }).zlib.pname")
    assert done.stdout == "zlib", done.stderr


def test_what_a_garbage_collection_removes_comes_back(nix: Nix, tmp_path: Path) -> None:
    env = {"NIX_REMOTE": str(tmp_path / "store")}
    query = ["eval", "--raw", "nixpkgs#python3.drvPath"]
    before = nix(*query, env=env)
    assert before.stdout.endswith(".drv"), before.stderr
    assert nix("store", "gc", env=env).returncode == 0
    store = tmp_path / "store/nix/store"
    # A process of another test, which names the path in its variables, keeps it in this store, too.
    for kept in store.glob("*-source"):
        delete = ["store", "delete", "--ignore-liveness", f"/nix/store/{kept.name}"]
        assert nix(*delete, env=env).returncode == 0
    assert not [path for path in store.iterdir() if path.name.endswith("-source")]
    assert nix(*query, env=env).stdout == before.stdout
    assert [path for path in store.iterdir() if path.name.endswith("-source")]


def test_a_lost_cache_folder_is_made_again(nix: Nix, tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    query = ["eval", "--raw", "nixpkgs#python3.drvPath"]
    before = nix(*query, env=env)
    shutil.rmtree(tmp_path / "wheelhouse/seeds")
    shutil.rmtree(tmp_path / "wheelhouse/flakes")
    after = nix(*query, env=env)
    assert after.stdout == before.stdout
    assert after.returncode == 0, after.stderr
