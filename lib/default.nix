/*
  The library on a toolchain record (lib/toolchain.nix): the public functions of lib/api, and

    programs  :: { <name> = derivation }, the project's programs (lib/programs/table.nix);
    lock      :: derivation, one of them;
    builder   :: derivation, the program that runs inside derivations;
    toolchain :: the record.

  Type: library :: toolchain -> { makeOciImage, makePythonPypiApplication, makePythonPypiEnvironment, makePythonScript, makeShell, programs, lock, builder, toolchain }

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
// rec {
  inherit toolchain;
  builder = builderFor toolchain.python;
  programs = import ./programs {
    inherit toolchain;
    inherit (functions) makePythonPypiEnvironment;
  };
  inherit (programs) lock;
}
