"""A system that the package set has dropped, as nixpkgs has x86_64-darwin after 26.05.

nixpkgs' flake keeps the name at first, with a package set that throws, and then leaves it out.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.support.nix import Nix
from tests.support.project import ROOT

pytestmark = pytest.mark.nix

DROPPED = "x86_64-darwin"
OTHERS = ["aarch64-darwin", "aarch64-linux", "x86_64-linux"]
WAYS = {
    "throws": f'host.legacyPackages // {{ {DROPPED} = throw "dropped support"; }}',
    "lacks": f'removeAttrs host.legacyPackages [ "{DROPPED}" ]',
}


def package_set(nix: Nix, way: str, folder: Path) -> Path:
    """Write the flake of a package set that has dropped the system, and return its folder."""
    host = nix.output("eval", "--impure", "--raw", "--expr", "toString <nixpkgs>")
    shutil.copytree(host, folder)
    (folder / "flake.nix").rename(folder / "whole.nix")
    (folder / "flake.nix").write_text(
        f"""{{
          outputs = {{ self }}: let host = (import ./whole.nix).outputs {{ inherit self; }}; in {{
            legacyPackages = {WAYS[way]};
          }};
        }}""",
        encoding="utf-8",
    )
    return folder


def all_systems(nix: Nix) -> list[str]:
    """Return the option for all systems, which old versions always look at."""
    return ["--all-systems"] if nix.version >= (2, 19) else []


@pytest.mark.parametrize("way", WAYS)
def test_the_flake_of_the_project_is_checked_and_shown(nix: Nix, way: str, tmp_path: Path) -> None:
    packages = f"path:{package_set(nix, way, tmp_path / 'set')}"
    options = [*all_systems(nix), "--no-write-lock-file", "--override-input", "nixpkgs", packages]
    checked = nix.run("flake", "check", "--no-build", *options)
    assert checked.returncode == 0, checked.stderr
    told = f"wheelhouse: there are no outputs for {DROPPED}, since the package set for it"
    assert checked.stderr.count(told) == (1 if way == "throws" else 0)
    shown = json.loads(nix.output("flake", "show", "--json", *options))
    for output in ("packages", "apps", "devShells", "checks"):
        assert sorted(name for name, made in shown[output].items() if made) == OTHERS
        assert shown[output].get(DROPPED, {}) == {}


@pytest.mark.parametrize("way", WAYS)
def test_the_flake_of_a_template_is_checked_and_shown(nix: Nix, way: str, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "templates" / "default", folder)
    shutil.copyfile(ROOT / "examples" / "django" / "sources.yaml", folder / "sources.yaml")
    packages = f"path:{package_set(nix, way, tmp_path / 'set')}"
    # What a cache of evaluations has is not evaluated again, and says nothing.
    options = ["--no-write-lock-file", "--no-eval-cache"]
    for name in ("nixpkgs", "wheelhouse/nixpkgs"):
        options += ["--override-input", name, packages]
    checked = nix.run("flake", "check", "--no-build", *all_systems(nix), *options, cwd=folder)
    assert checked.returncode == 0, checked.stderr
    shown = json.loads(
        nix.output("flake", "show", "--json", *all_systems(nix), *options, cwd=folder)
    )
    assert sorted(name for name, made in shown["packages"].items() if made) == OTHERS

    asked = nix.run("build", "--dry-run", *options, f".#packages.{DROPPED}.default", cwd=folder)
    assert asked.returncode != 0
    if way == "throws":
        assert "last branch of nixpkgs with it is nixpkgs-26.05-darwin" in asked.stderr
    assert re.search(f"(attribute|flake).*{DROPPED}", asked.stderr)
