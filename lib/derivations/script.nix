let
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Make a program of a script: bin/<name>, which runs in an environment.

  Type: script :: {
    name               :: string, of the program and in the store;
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, that has what the script imports;
    script             :: path;
    hasSearchPaths     :: bool, whether it needs what the template adds to a shell;
  } -> derivation

  Example:
    script {
      name = "demo";
      inherit toolchain builder;
      environment = env;
      script = builtins.toFile "demo.py" "import idna";
      hasSearchPaths = false;
    }
    => «derivation /nix/store/…-demo.drv»
*/
{
  name,
  toolchain,
  builder,
  environment,
  script,
  hasSearchPaths,
}:
pythonDerivation {
  name = text.storeName name;
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "script"
  ];
  spec = {
    inherit name;
    # A file may have a name that the store doesn't take.
    script =
      if builtins.isPath script then
        builtins.path {
          name = text.storeName (baseNameOf script);
          path = script;
        }
      else
        "${script}";
    environment = "${environment}";
    shell = if hasSearchPaths then "${toolchain.bash}/bin/bash" else null;
  };
}
// {
  meta.mainProgram = name;
}
