let
  canonical = import ../sources/canonical.nix;
  pythonDerivation = import ./python-derivation.nix;
  download = import ./download.nix;
  pythonSource = import ./python-source.nix;
  pythonVersion = import ../python-version.nix;
  select = import ../sources/select.nix;
  text = import ../text.nix;
in
/*
  Make the builder, the Python program that runs inside derivations, with its libraries,
  byte-compiled. Its own code unpacks those libraries.

  It runs on the interpreter that the result is for, where that can run it: then one process unpacks
  a package and compiles it. Otherwise it runs on the package set's.

  Type: builder :: toolchain -> derivation -> derivation with `python`, which runs it

  Example:
    builder toolchain pkgs.python312
    => «derivation /nix/store/…-wheelhouse-builder.drv»
*/
toolchain: target:
let
  folder = ../../builder/sources;
  versions = import ../own-pythons.nix;
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
    context = "builder";
    data = sources;
    system = toolchain.target;
    inherit (toolchain) floor;
  };
in
pythonDerivation {
  name = "wheelhouse-builder";
  inherit (toolchain) system;
  inherit python;
  program = [
    "${
      pythonSource [
        "builder"
        "native"
      ]
    }/builder/bootstrap.py"
  ];
  spec.wheels = map (wheel: {
    path = download wheel;
    inherit (wheel) name;
  }) wheels;
}
// {
  inherit python;
}
