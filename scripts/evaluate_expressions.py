"""Compare expressions of nixpkgs-expression with those that a nixpkgs has of the same packages.

    scripts/evaluate-expressions NIXPKGS [NAME]...

Each is made of the version that the package set has, evaluated in it to a derivation, and compared
in what it depends on, builds with, and is licensed by. Differences are told, a line each. It needs
the package index, Nix, and a checkout of nixpkgs or of a descendant, so it isn't part of the tests.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
# Pure, with extras, poetry, setuptools-scm, hatch, flit, meson, Rust, a program, native libraries.
NAMES = (
    *("requests", "httpx", "tomlkit", "pluggy", "attrs", "packaging", "numpy", "cryptography"),
    *("pip-tools", "lxml"),
)
NIX = """\
{ set, folder, names, versions }:
let
  pkgs = import set { system = "x86_64-linux"; config = { }; };
  inherit (pkgs) lib;
  python = pkgs.python3;
  named = list: lib.naturalSort (lib.unique (
    map (one: one.pname or one.name) (builtins.filter (one: one != null) list)
  ));
  licences = meta: lib.naturalSort (
    map (one: one.spdxId or one.shortName or one.fullName or "?") (
      let found = meta.license or [ ]; in
      if builtins.isList found then found else found.licenses or [ found ]
    )
  );
  view = one: {
    derivation = one.drvPath;
    dependencies = named (builtins.filter (d: d ? pythonModule) (one.dependencies or [ ]));
    build-system = named (one.build-system or [ ]);
    extras = lib.mapAttrs (_: named) (one.optional-dependencies or { });
    license = licences one.meta;
    inherit (one) version;
  };
  shown = value: let tried = builtins.tryEval (builtins.deepSeq value value); in
    if tried.success then tried.value else null;
  theirs = lib.genAttrs names (name: python.pkgs.${name});
in
if versions then
  lib.mapAttrs (_: one: one.version) theirs
else
  lib.genAttrs names (name: {
    ours = shown (view (python.pkgs.callPackage (folder + "/${name}.nix") { }));
    theirs = shown (view theirs.${name});
  })
"""


def evaluate(package_set: str, folder: Path, names: list[str], *, versions: bool) -> Any:
    """Return what Nix says of some packages."""
    options = ["--eval", "--strict", "--json", "--read-write-mode", "--expr", NIX]
    listed = json.dumps(names).replace('",', '"')
    arguments = ["--argstr", "set", package_set, "--arg", "folder", str(folder)]
    arguments += ["--arg", "names", listed, "--arg", "versions", str(versions).lower()]
    done = subprocess.run(
        ["nix-instantiate", *options, *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout)


def write(name: str, version: str, package_set: str, file: Path) -> None:
    """Write the expression of a version of a package."""
    command = [sys.executable, "-m", "init.nixpkgs", f"{name}=={version}", "-o", str(file)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "--package-set", package_set], check=True, env=environment)


def main() -> int:
    """Compare the packages; return 0 where all were evaluated."""
    if len(sys.argv) < 2:
        print("usage: scripts/evaluate-expressions NIXPKGS [NAME]...", file=sys.stderr)
        return 2
    package_set, names = str(Path(sys.argv[1]).resolve()), sys.argv[2:] or [*NAMES]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, version in evaluate(package_set, folder, names, versions=True).items():
            write(name, version, package_set, folder / f"{name}.nix")
        compared = evaluate(package_set, folder, names, versions=False)
    failed = 0
    for name, found in compared.items():
        ours, theirs = found["ours"], found["theirs"]
        failed += ours is None
        print(f"{name}: {'not evaluated' if ours is None else ours['version']}")
        for key in ("dependencies", "build-system", "extras", "license") if ours and theirs else ():
            if ours[key] != theirs[key]:
                print(f"  {key}: {json.dumps(ours[key])}\n    nixpkgs: {json.dumps(theirs[key])}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
