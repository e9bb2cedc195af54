"""Interpreters that are compiled from source have nixpkgs' attributes; none is built here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Nix = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.nix

FREE_THREADED = """
p: map (python: {
  inherit (python) executable interpreter libPrefix pythonABITags pythonVersion sitePackages;
  inherit (python) version;
  prefix = python.outPath;
}) [ p.python313FreeThreading p.python314FreeThreading p.python315FreeThreading ]
"""
MUSL = """
p: let set = p.pkgsMusl; in {
  inherit (set.stdenv.hostPlatform) libc isMusl config system;
  version = set.stdenv.cc.libc.version;
  ours = [ set.zlib.outPath set.python3.outPath set.stdenv.outPath ];
  others = [ p.zlib.outPath p.python3.outPath p.stdenv.outPath ];
  lacking = set ? libxml2;
  added = (set.extend (final: previous: { x = previous.zlib; })).x.outPath == set.zlib.outPath;
  python = set.python3.interpreter == set.python314.interpreter;
}
"""


def evaluated(nix: Nix, function: str) -> Any:
    done = nix("eval", "--json", "nixpkgs#legacyPackages.x86_64-linux", "--apply", function)
    return json.loads(done.stdout)


def test_free_threaded_builds_are_described_as_in_nixpkgs(nix: Nix) -> None:
    for minor, told in zip(("13", "14", "15"), evaluated(nix, FREE_THREADED), strict=True):
        name = f"python3.{minor}t"
        assert told["pythonVersion"] == f"3.{minor}"
        assert told["version"].startswith(f"3.{minor}.")
        assert told["executable"] == told["libPrefix"] == name
        assert told["interpreter"] == f"{told['prefix']}/bin/{name}"
        assert told["sitePackages"] == f"lib/{name}/site-packages"
        assert told["pythonABITags"] == ["abi3", "none", f"cp3{minor}t"]


def test_the_set_on_musl_has_nothing_of_glibc(nix: Nix) -> None:
    told = evaluated(nix, MUSL)
    assert told["libc"] == "musl"
    assert told["isMusl"]
    assert told["config"] == "x86_64-unknown-linux-musl"
    assert told["system"] == "x86_64-linux"
    assert told["version"].startswith("1.2.")
    assert set(told["ours"]).isdisjoint(told["others"])
    assert not told["lacking"]
    assert told["added"]
    assert told["python"]
