let
  program = import ./program.nix;
  source = "${program "lock"}/lock";
in
/*
  The lock app, in an environment that the library itself makes from its own lock.

  Type: lock :: { toolchain, makePythonPypiEnvironment } -> derivation with bin/lock

  Example:
    lock { inherit toolchain makePythonPypiEnvironment; }
    => «derivation /nix/store/…-lock.drv»
*/
{ toolchain, makePythonPypiEnvironment }:
let
  inherit (toolchain.python) pythonVersion;
  environment = makePythonPypiEnvironment {
    name = "lock-environment";
    sourcesYaml = ../builder/sources + "/${pythonVersion}.yaml";
    python = toolchain.python;
  };
  # Metadata of some packages is built while locking, by builds that import native wheels.
  libraries = builtins.concatStringsSep ":" (
    map (library: library.directory) toolchain.basicLibraries
  );
in
derivation {
  name = "lock";
  inherit (toolchain) system;
  builder = toolchain.python.interpreter;
  args = [
    "-EsSB"
    "${source}/launcher.py"
  ];
  PATH = "${toolchain.python}/bin";
  python = "${environment}/bin/python";
  inherit source;
  uv = "${toolchain.uv}/bin/uv";
  inherit libraries;
  preferLocalBuild = true;
  allowSubstitutes = false;
}
// {
  inherit libraries;
  meta.mainProgram = "lock";
}
