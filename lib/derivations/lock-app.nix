let
  pythonDerivation = import ./python-derivation.nix;
  pythonSource = import ./python-source.nix;
  source = pythonSource [
    "lock"
    "native"
  ];
in
/*
  Make the lock app, in an environment that the library itself makes of the app's own lock.

  Type: lockApp :: { toolchain, makePythonPypiEnvironment } -> derivation with bin/lock

  Example:
    lockApp { inherit toolchain makePythonPypiEnvironment; }
    => «derivation /nix/store/…-lock.drv»
*/
{ toolchain, makePythonPypiEnvironment }:
let
  inherit (toolchain.python) pythonVersion;
  environment = makePythonPypiEnvironment {
    name = "lock-environment";
    sourcesYaml = ../../lock/sources + "/${pythonVersion}.yaml";
    python = toolchain.python;
  };
  # Metadata of some packages is built while locking, by builds that import native wheels.
  libraries = builtins.concatStringsSep ":" (
    map (library: library.directory) toolchain.basicLibraries
  );
in
pythonDerivation {
  name = "lock";
  inherit (toolchain) system python;
  program = [ "${source}/lock/launcher.py" ];
  spec = {
    inherit libraries source;
    # `lock fetch` has the builder's own files ready, too.
    builderSources = builtins.path {
      name = "builder-sources";
      path = ../../builder/sources;
    };
    python = "${environment}/bin/python";
    uv = "${toolchain.uv}/bin/uv";
  };
}
// {
  inherit libraries;
  meta.mainProgram = "lock";
}
