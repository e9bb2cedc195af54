"""What the tests of the host package set share: its modules on the path, and scripts/nix to run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.project import ROOT as PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

sys.path[:0] = [str(PROJECT / "hostpkgs/seed"), str(PROJECT / "hostpkgs/build")]

Nix = "Callable[..., subprocess.CompletedProcess[str]]"


@pytest.fixture
def project() -> Path:
    """The folder of this project."""
    return PROJECT


@pytest.fixture
def nix() -> Nix:
    """scripts/nix with the host package set forced: `nix("build", …, cwd=…, env={…})`."""

    def run(
        *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PROJECT / "scripts/nix", *arguments],
            cwd=cwd,
            env={**os.environ, "WHEELHOUSE_NIXPKGS": "host", **(env or {})},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture
def build(nix: Nix, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Build the Nix expression `expression`, in which `pkgs` is the host package set.

    The result's path is stdout; stderr has the build's log.
    """

    def run(expression: str, **options: object) -> subprocess.CompletedProcess[str]:
        (tmp_path / "flake.nix").write_text(
            "{ outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in"
            f" {{ packages.x86_64-linux.default = {expression}; }}; }}"
        )
        link = tmp_path / "result"
        done = nix("build", "-L", "-o", str(link), f"path:{tmp_path}", **options)
        done.stdout = str(link.resolve()) if done.returncode == 0 else ""
        return done

    return run
