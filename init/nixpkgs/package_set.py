"""What a package set has: the names of its Python packages, and their versions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lock.errors import UsageError
from run import library

# A package set may take no other arguments than the system; aliases aren't names to use.
PACKAGES = """\
{ packageSet, system, ... }@given:
let
  packages = import (if packageSet == "" then <nixpkgs> else packageSet);
  wanted = {
    system = if system == "" then builtins.currentSystem else system;
    config.allowAliases = false;
    overlays = [ ];
  };
  known = builtins.functionArgs packages;
  pkgs = packages (
    if known == { } then { inherit (wanted) system; } else builtins.intersectAttrs known wanted
  );
  attribute = "python" + builtins.replaceStrings [ "." ] [ "" ] given.python;
  python = if given.python == "" then pkgs.python3 else pkgs.${attribute};
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


@dataclass(frozen=True)
class PackageSet:
    """The Python packages of a package set."""

    # The attributes; versions are of those that were asked for.
    names: frozenset[str]
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


class Evaluated:
    """A package set that Nix evaluates; `python` is a version such as "3.13", empty for its own."""

    def __init__(self, path: str, system: str, python: str, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.arguments = {"packageSet": path, "system": system, "python": python}

    def read(self) -> PackageSet:
        """Return the names. Raises NixError where it can't be evaluated."""
        found = library.evaluate(PACKAGES + NAMES, self.arguments, self.environment)
        return PackageSet(frozenset(found["names"]), found["python"])

    def with_versions(self, known: PackageSet, names: Iterable[str]) -> PackageSet:
        """Return the package set with the versions of some attributes, as far as it has them."""
        wanted = sorted({*names} & known.names)
        arguments = {**self.arguments, "names": wanted}
        found = library.evaluate(PACKAGES + VERSIONS, arguments, self.environment)
        return replace(known, versions=found)


def from_file(file: Path) -> PackageSet:
    """Return the package set whose names a file lists, one a line. Raises UsageError."""
    try:
        lines = file.read_text(encoding="utf-8").split()
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not a text of names, one a line: {error}") from None
    if not lines:
        raise UsageError(f"{file}: it has no names; write those of Python packages, one a line")
    return PackageSet(frozenset(lines))


def is_missing(attribute: str, known: Collection[str]) -> bool:
    """Return whether a package set lacks an attribute."""
    return attribute not in known
