let
  text = import ../text.nix;
in
/*
  Make a shell for `nix develop`: it sources an environment's template, and has other packages'
  programs on PATH.

  Type: makeShell :: {
    environment :: derivation, of makePythonPypiEnvironment;
    packages    :: [derivation], by default none;
    name        :: string, by default the environment's with `-shell`;
  } -> derivation

  Example:
    makeShell { environment = env; packages = [ pkgs.git ]; }
    => «derivation /nix/store/…-example-shell.drv»
*/
{ toolchain, ... }:
{
  environment,
  packages ? [ ],
  name ? "${environment.name}-shell",
}:
derivation {
  name = text.storeName name;
  inherit (toolchain) system;
  # `nix develop` runs this bash, and writes what it finds out to the outputs named here.
  outputs = [ "out" ];
  builder = "${toolchain.bash}/bin/bash";
  args = [
    "-c"
    "echo \"$shellHook\" > \"$out\""
  ];
  PATH = builtins.concatStringsSep ":" (
    map (package: "${package}/bin") (packages ++ [ toolchain.coreutils ])
  );
  shellHook = ". ${environment}/template";
  preferLocalBuild = true;
  allowSubstitutes = false;
}
