/*
  The library on a toolchain record (lib/toolchain.nix): the public functions of lib/api, and

    lock      :: derivation, the lock app;
    builder   :: derivation, the program that runs inside derivations;
    toolchain :: the record.

  Type: library :: toolchain -> { makeOciImage, makePythonPypiApplication, makePythonPypiEnvironment, makeShell, lock, builder, toolchain }

  Example:
    (library toolchain).lock
    => «derivation /nix/store/…-lock.drv»
*/
toolchain:
let
  builderFor = import ./derivations/builder.nix toolchain;
  functions = builtins.mapAttrs (_name: file: import file { inherit toolchain builderFor; }) (
    import ./api
  );
in
functions
// {
  inherit toolchain;
  builder = builderFor toolchain.python;
  lock = import ./derivations/lock-app.nix {
    inherit toolchain;
    inherit (functions) makePythonPypiEnvironment;
  };
}
