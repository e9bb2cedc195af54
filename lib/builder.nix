let
  canonical = import ./sources/canonical.nix;
  derive = import ./derive.nix;
  fetch = import ./fetch.nix;
  program = import ./program.nix;
  select = import ./sources/select.nix;
  text = import ./text.nix;
in
/*
  The builder: the Python program that runs inside derivations, together with the libraries that it
  stands on, byte-compiled for the interpreter that runs it. Its own code unpacks those libraries.

  Type: builder :: toolchain -> derivation

  Example:
    builder (import ./toolchain.nix pkgs)
    => «derivation /nix/store/…-wheelhouse-builder.drv»
*/
toolchain:
let
  inherit (toolchain) python system;
  version = python.pythonVersion;
  folder = ../builder/sources;
  versions = map (file: builtins.head (builtins.match "(.*)\\.yaml" file)) (
    builtins.attrNames (builtins.readDir folder)
  );
  file = folder + "/${version}.yaml";
  sources =
    if builtins.elem version versions then
      canonical.parse "builder/sources/${version}.yaml" (builtins.readFile file)
    else
      throw "wheelhouse: the builder runs on Python ${text.enumerate versions}, but the package set's `python3` is ${version}. Pass a toolchain whose `python` is one of those.";
  wheels = select {
    owner = "builder";
    data = sources;
    system = toolchain.target;
    inherit (toolchain) floor;
  };
in
derive {
  name = "wheelhouse-builder";
  inherit system python;
  program = [ "${program "builder"}/builder/bootstrap.py" ];
  spec.wheels = map (wheel: {
    path = fetch wheel;
    inherit (wheel) name;
  }) wheels;
}
