"""flake.py: what it leaves behind, and what it says on a machine that it can't serve."""

from __future__ import annotations

import json
import os
import subprocess
import time
from typing import TYPE_CHECKING

import debian
import flake
import libc
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_only_old_and_unused_folders_are_forgotten(tmp_path: Path) -> None:
    long_ago = time.time() - 2 * 24 * 3600
    for name in ("host-used", "host-old", "host-young"):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}.registry.json").touch()
    for name in ("host-used", "host-old"):
        os.utime(tmp_path / name, (long_ago, long_ago))
        os.utime(tmp_path / f"{name}.registry.json", (long_ago, long_ago))
    flake.remove_old(tmp_path, "host-used")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "host-used", "host-used.registry.json", "host-young", "host-young.registry.json",
    ]  # fmt: skip


def test_the_flake_of_another_package_set_is_kept(tmp_path: Path) -> None:
    """It is in use by others, whatever its age: it is made anew only when something changes."""
    long_ago = time.time() - 2 * 24 * 3600
    for name in ("host-old", "testing-old", ".testing-left", "testing-used"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (long_ago, long_ago))
    flake.remove_old(tmp_path, "testing-used", "testing-")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["host-old", "testing-used"]


def test_a_machine_with_another_c_library_is_told_so(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libc, "find", lambda: None)
    with pytest.raises(flake.UnsupportedMachineError, match=r"not the GNU C library.*WHEELHOUSE_N"):
        flake.generate(project, tmp_path, tmp_path / "machine.json", [])
    assert list(tmp_path.iterdir()) == []


def test_without_apt_there_are_no_packages_but_a_flake(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_apt(*_: object) -> str:
        raise FileNotFoundError("apt-cache")

    monkeypatch.setattr(debian, "_run", no_apt)
    place = flake.generate(project, tmp_path, tmp_path / "machine.json", [])
    assert (place / "default.nix").exists()
    assert json.loads((place / "seeds.json").read_text())["debian"]["packages"] == {}


@pytest.mark.nix
@pytest.mark.parametrize(
    ("attribute", "words"),
    [
        ("zlib", ["zlib", "apt-get update"]),
        ("stdenv.cc", ["gcc", "apt-get update"]),
        ("python3", ["no CPython from 3.11 on", "apt-get install python3"]),
    ],
)
def test_what_the_machine_lacks_is_told_when_it_is_used(
    tmp_path: Path,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    attribute: str,
    words: list[str],
) -> None:
    monkeypatch.setattr(debian, "_run", lambda *_: "")
    monkeypatch.setattr(debian, "update", lambda: None)
    place = flake.generate(project, tmp_path, tmp_path / "machine.json", [])
    features = ["--extra-experimental-features", "nix-command flakes"]
    wanted = f"path:{place}#legacyPackages.x86_64-linux.{attribute}.drvPath"
    command = ["nix", *features, "eval", "--raw", wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert [word for word in words if word not in done.stderr] == []
