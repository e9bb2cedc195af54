let
  canonical = import ./sources/canonical.nix;
  derive = import ./derive.nix;
  fetch = import ./fetch.nix;
  program = import ./program.nix;
  pythonVersion = import ./python-version.nix;
  select = import ./sources/select.nix;
  text = import ./text.nix;
in
/*
  The builder: the Python program that runs inside derivations, together with the libraries that it
  stands on, byte-compiled for the interpreter that runs it. Its own code unpacks those libraries.

  That interpreter is the one that the result is for, where it can run the builder: then one process
  unpacks a package and compiles it. Otherwise it is the package set's.

  Type: builder :: toolchain -> derivation -> derivation with `python`, which runs it

  Example:
    builder (import ./toolchain.nix pkgs) pkgs.python312
    => «derivation /nix/store/…-wheelhouse-builder.drv»
*/
toolchain: target:
let
  folder = ../builder/sources;
  versions = map (file: builtins.head (builtins.match "(.*)\\.yaml" file)) (
    builtins.attrNames (builtins.readDir folder)
  );
  runs =
    python:
    builtins.elem (pythonVersion python) versions && python.implementation or "cpython" == "cpython";
  python = if runs target then target else toolchain.python;
  version = pythonVersion python;
  sources =
    if runs python then
      canonical.parse "builder/sources/${version}.yaml" (
        builtins.readFile (folder + "/${version}.yaml")
      )
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
  inherit (toolchain) system;
  inherit python;
  program = [ "${program "builder"}/builder/bootstrap.py" ];
  spec.wheels = map (wheel: {
    path = fetch wheel;
    inherit (wheel) name;
  }) wheels;
}
// {
  inherit python;
}
