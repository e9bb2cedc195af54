let
  splitFlags = import ./makes/arguments.nix;
in
/*
  The library on a toolchain record (lib/toolchain.nix).

  Type: lib :: toolchain -> {
    makePythonPypiEnvironment :: attrs -> derivation;
    makeShell                 :: attrs -> derivation, for `nix develop`;
    lock                      :: derivation, the lock app;
    builder                   :: derivation, the program that runs inside derivations;
    toolchain                 :: the record;
  }

  Example:
    (import ./lib (import ./lib/toolchain.nix pkgs)).makePythonPypiEnvironment { … }
    => «derivation …»
*/
toolchain:
let
  builderFor = import ./builder.nix toolchain;
  builder = builderFor toolchain.python;
  makePythonPypiEnvironment =
    given:
    let
      inherit (splitFlags given) flags arguments;
    in
    import ./make-python-pypi-environment.nix { inherit toolchain builderFor flags; } arguments;
in
{
  inherit builder makePythonPypiEnvironment toolchain;
  makeShell = import ./make-shell.nix toolchain;
  lock = import ./lock.nix { inherit toolchain makePythonPypiEnvironment; };
}
