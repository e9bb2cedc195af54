"""nar.py: the hash of a tree is Nix's."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nar import nar_hash

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "folder/empty").mkdir(parents=True)
    (root / "folder/text").write_text("seven b")
    (root / "folder/eight").write_text("eight by")
    (root / "none").write_bytes(b"")
    (root / "Upper").write_text("sorts before lower case")
    (root / "umlaut-ä").write_text("bytes, not letters, are sorted")
    (root / "run").write_text("#!")
    (root / "run").chmod(0o755)
    (root / "link").symlink_to("nowhere/at all")
    return root


@pytest.mark.nix
def test_agrees_with_nix(tree: Path) -> None:
    told = subprocess.run(
        ["nix", "--extra-experimental-features", "nix-command", "hash", "path", tree],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert nar_hash(tree) == told


def test_knows_an_empty_file(tmp_path: Path) -> None:
    # nix hash path of an empty file: a constant of the format
    (tmp_path / "file").touch()
    assert nar_hash(tmp_path / "file") == "sha256-d6xi4mKdjkX2JFicDIv5niSzpyI0m/Hnm8GGAIU04kY="


def test_times_and_hard_links_do_not_count(tree: Path) -> None:
    before = nar_hash(tree)
    os.utime(tree / "run", (1, 1))
    (tree / "none").unlink()
    (tree / "second").touch()
    os.link(tree / "second", tree / "none")
    (tree / "second").unlink()
    assert nar_hash(tree) == before


def test_the_executable_bit_counts(tree: Path) -> None:
    before = nar_hash(tree)
    (tree / "run").chmod(0o644)
    assert nar_hash(tree) != before


@given(first=st.binary(max_size=40), second=st.binary(max_size=40))
def test_different_contents_have_different_hashes(
    tmp_path_factory: pytest.TempPathFactory, first: bytes, second: bytes
) -> None:
    root = tmp_path_factory.mktemp("nar")
    (root / "a").write_bytes(first)
    (root / "b").write_bytes(second)
    assert (nar_hash(root / "a") == nar_hash(root / "b")) == (first == second)
