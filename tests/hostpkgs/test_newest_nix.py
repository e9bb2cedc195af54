"""scripts/newest-nix: the newest Nix of Debian, beside the one that is installed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = [pytest.mark.nix, pytest.mark.index]


@pytest.fixture(scope="module")
def newest() -> Path:
    script = ROOT / "scripts/newest-nix"
    told = subprocess.run([script], capture_output=True, text=True, check=True).stdout
    assert told == subprocess.run([script], capture_output=True, text=True, check=True).stdout
    return Path(told.strip())


def test_it_is_a_nix_of_its_own(newest: Path) -> None:
    told = subprocess.run([newest, "--version"], capture_output=True, text=True, check=True).stdout
    number = told.split()[-1]
    assert [int(part) for part in number.split(".")[:2]] >= [2, 26]
    # nix-store and the others are the same program under another name
    again = [newest.parent / "nix-store", "--version"]
    assert number in subprocess.run(again, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("attribute", ["python3", "zlib", "stdenv"])
def test_both_agree_on_every_store_path(nix: Nix, newest: Path, attribute: str) -> None:
    query = ["eval", "--raw", f"nixpkgs#{attribute}.drvPath"]
    old, new = nix(*query), nix(*query, env={"WHEELHOUSE_NIX": str(newest)})
    assert old.stdout.endswith(".drv"), old.stderr
    assert new.stdout == old.stdout, new.stderr


def test_it_builds_in_the_sandbox(nix: Nix, newest: Path, tmp_path: Path) -> None:
    (tmp_path / "flake.nix").write_text(
        """{ outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {
          packages.x86_64-linux.default = pkgs.runCommand "run"
            { nativeBuildInputs = [ pkgs.python3 ]; }
            "python -c 'import os; print(sorted(os.listdir(chr(47))))' > $out";
        }; }"""
    )
    link = tmp_path / "result"
    env = {"WHEELHOUSE_NIX": str(newest)}
    done = nix("build", "-o", str(link), f"path:{tmp_path}", env=env)
    assert done.returncode == 0, done.stderr
    assert "usr" not in link.read_text()
