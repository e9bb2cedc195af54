let
  table = import ./table.nix;
  program = import ./program.nix;
in
/*
  Make the programs of the project, in an environment that the library itself makes of their lock.

  Type: programs :: { toolchain, makePythonPypiEnvironment } -> { <name> = derivation with bin/<name> }

  Example:
    (programs { inherit toolchain makePythonPypiEnvironment; }).lock
    => «derivation /nix/store/…-lock.drv»
*/
{ toolchain, makePythonPypiEnvironment }:
let
  environment = makePythonPypiEnvironment {
    name = "lock-environment";
    sourcesYaml = ../../lock/sources + "/${toolchain.python.pythonVersion}.yaml";
    python = toolchain.python;
  };
in
builtins.mapAttrs (
  name: settings: program ({ inherit name toolchain environment; } // settings)
) table
