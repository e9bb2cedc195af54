# What nixpkgs says about the packages of an interpreter, `python3.pkgs`. Debian has them for one
# version of Python; there are none for another.
#
# `make` makes a store path of Debian's packages.
#
# Type: { seeds, minor, python, gobject-introspection, make } -> { <name> = Derivation; }
{
  seeds,
  minor,
  python,
  gobject-introspection,
  make,
}:
let
  inherit (import ./debian-names.nix seeds) upstream;
  known = {
    pycairo = { };
    pygobject3 = {
      pname = "pygobject";
      propagated = [
        packages.pycairo
        gobject-introspection
      ];
    };
    # a part of the interpreter's own source
    tkinter.version = python.version;
  };
  packages = builtins.mapAttrs (
    attribute: debs:
    let
      facts = {
        pname = attribute;
        version = upstream (builtins.head debs);
      }
      // known.${attribute};
    in
    make {
      inherit (facts) pname version;
      inherit debs;
    }
    // {
      inherit (facts) pname;
      meta = { };
      pythonModule = python;
      propagatedBuildInputs = [ python ] ++ facts.propagated or [ ];
    }
  ) (seeds.debian.python.${minor} or { });
in
packages
