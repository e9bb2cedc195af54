"""Other systems: their outputs evaluate here, and say clearly that they can't be built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.nix

FOREIGN = ["aarch64-linux", "x86_64-darwin", "aarch64-darwin"]
EVERYTHING = """
p: let
  packages = builtins.filter (n: p.${n} ? drvPath) (builtins.attrNames p);
in {
  drvs = builtins.listToAttrs (map (n: { name = n; value = p.${n}.drvPath; }) packages);
  manylinux = map (d: d.drvPath) p.pythonManylinuxPackages.manylinux1;
  made = (p.stdenv.mkDerivation { name = "x"; buildInputs = [ p.zlib p.python3 ]; }).drvPath;
  run = (p.runCommand "x" { } "true").drvPath;
  shell = (p.mkShell { packages = [ p.uv ]; }).drvPath;
  platform = p.stdenv.hostPlatform;
  libc = p.stdenv.cc.libc.version;
  lib = "${p.stdenv.cc.cc.lib}/lib";
  linux = p.stdenv.isLinux;
  python = p.python3.sitePackages;
  modules = builtins.concatMap (n: map (m: [ m.pname m.version m.pythonModule.pythonVersion ])
    (builtins.attrValues p.${n}.pkgs)) (builtins.filter (n: p.${n} ? pythonVersion)
    (builtins.attrNames p));
}
"""


def everything(nix: Nix, system: str) -> Any:
    done = nix("eval", "--json", f"nixpkgs#legacyPackages.{system}", "--apply", EVERYTHING)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("system", FOREIGN)
def test_every_attribute_evaluates(nix: Nix, system: str) -> None:
    foreign, own = everything(nix, system), everything(nix, "x86_64-linux")
    # What is compiled from its sources is there for the machine's own system.
    compiled = {name for name in own["drvs"] if name.endswith("FreeThreading")}
    assert foreign["drvs"].keys() == own["drvs"].keys() - compiled
    assert not set(foreign["drvs"].values()) & set(own["drvs"].values())
    assert len(foreign["manylinux"]) == len(own["manylinux"])
    assert foreign["python"] == own["python"]
    assert foreign["modules"] == own["modules"] != []


@pytest.mark.parametrize("system", [*FOREIGN, "x86_64-linux"])
def test_platforms_are_described(nix: Nix, system: str) -> None:
    cpu, _, kernel = system.partition("-")
    facts: dict[str, object] = {
        "libc": "libSystem" if kernel == "darwin" else "glibc",
        "isLinux": kernel == "linux",
        "isDarwin": kernel == "darwin",
        "isx86_64": cpu == "x86_64",
        "isAarch64": cpu == "aarch64",
        "darwinMinVersion": "14.0" if kernel == "darwin" else None,
    }
    told = everything(nix, system)
    assert told["platform"]["system"] == system
    assert {key: told["platform"].get(key) for key in facts} == facts
    assert told["linux"] is facts["isLinux"]


def test_building_one_fails_with_a_sentence(nix: Nix) -> None:
    done = nix("build", "--no-link", "nixpkgs#legacyPackages.aarch64-linux.zlib")
    assert done.returncode != 0
    assert "aarch64-linux" in done.stderr
