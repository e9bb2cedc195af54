let
  derive = import ./derive.nix;
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
    sourcesYaml = ../lock/sources + "/${pythonVersion}.yaml";
    python = toolchain.python;
  };
  # Metadata of some packages is built while locking, by builds that import native wheels.
  libraries = builtins.concatStringsSep ":" (
    map (library: library.directory) toolchain.basicLibraries
  );
in
derive {
  name = "lock";
  inherit (toolchain) system python;
  program = [ "${source}/launcher.py" ];
  spec = {
    inherit libraries source;
    python = "${environment}/bin/python";
    uv = "${toolchain.uv}/bin/uv";
  };
}
// {
  inherit libraries;
  meta.mainProgram = "lock";
}
