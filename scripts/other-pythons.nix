/*
  What scripts/other-pythons builds of a lock: the environment, the results of its packages, and an
  import check.

  `uses` maps names of packages to statements of Python. Each package has a process of its own in the
  sandbox; `results` is JSON: package → { error :: string or null, gil :: bool }, where `gil` tells
  whether the GIL is on after the statements.

  Type: { lock, uses :: string of JSON, musl :: bool, pkgs } -> { environment, results }
*/
{
  lock,
  uses,
  musl ? false,
  pkgs ? import <nixpkgs> { },
}:
let
  library = import ../. { pkgs = if musl then pkgs.pkgsMusl else pkgs; };
  environment = library.makePythonPypiEnvironment {
    name = "other-python";
    sourcesYaml = /. + lock;
  };
in
{
  inherit environment;
  versions = builtins.listToAttrs (
    map (item: {
      inherit (item) name;
      value = item.version;
    }) environment.sources.packages
  );
  results = derivation {
    name = "results";
    inherit (library.toolchain) system;
    builder = "${environment}/bin/python";
    # Nix gives a builder only its base name, by which the interpreter looks for itself.
    PATH = "${environment}/bin";
    args = [
      "-I"
      ./run_uses.py
    ];
    inherit uses;
    passAsFile = [ "uses" ];
  };
}
