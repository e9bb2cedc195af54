"""Asks a package set for the names and versions of its Python packages, by Nix."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from init.nixpkgs.package_set import PackageSet
from run import library

# Aliases aren't names to use.
PACKAGES = f"""\
{{ packageSet, system, ... }}@given:
let
  pkgs = ({library.IMPORT_PACKAGES}) {{
    inherit packageSet system;
    config.allowAliases = false;
  }};
"""
PYTHON = """\
  attribute = "python" + builtins.replaceStrings [ "." ] [ "" ] given.python;
  python =
    if given.python == "" then
      pkgs.python3
    else
      pkgs.${attribute} or (throw "the package set has no ${attribute}");
in
"""
NAMES = """\
{
  python = python.pythonVersion;
  names = builtins.attrNames python.pkgs;
}
"""
VERSIONS = """\
builtins.listToAttrs (
  map (name: {
    inherit name;
    value =
      let
        tried = builtins.tryEval (
          let
            version = python.pkgs.${name}.version or "";
          in
          if builtins.isString version then version else ""
        );
      in
      if tried.success then tried.value else "";
  }) (builtins.filter (name: builtins.hasAttr name python.pkgs) given.names)
)
"""


class Evaluated:
    """A package set that Nix evaluates; `python` is a version such as "3.13", empty for its own."""

    def __init__(self, path: str, system: str, python: str, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.arguments = {"packageSet": path, "system": system, "python": python}

    def read(self) -> PackageSet:
        """Return the names. Raises NixError where it can't be evaluated."""
        found = library.evaluate(PACKAGES + PYTHON + NAMES, self.arguments, self.environment)
        return PackageSet(frozenset(found["names"]), found["python"])

    def with_versions(self, known: PackageSet, names: Iterable[str]) -> PackageSet:
        """Return the package set with the versions of some attributes, as far as it has them."""
        wanted = sorted({*names} & known.names)
        arguments = {**self.arguments, "names": wanted}
        found = library.evaluate(PACKAGES + PYTHON + VERSIONS, arguments, self.environment)
        return replace(known, versions=found)
