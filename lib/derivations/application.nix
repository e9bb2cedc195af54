let
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Make an application of an environment: one package's programs in bin/, with its share/, and nothing
  of what they depend on.

  Type: application :: {
    name               :: string;
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, that has the package;
    package            :: derivation, with `pname`;
    mainProgram        :: string, one of its programs;
    hasSearchPaths     :: bool, whether its programs need what the template adds to a shell;
  } -> derivation

  Example:
    application {
      name = "demo";
      inherit toolchain builder;
      environment = env;
      package = env.packages.idna;
      mainProgram = "demo";
      hasSearchPaths = false;
    }
    => «derivation /nix/store/…-demo.drv»
*/
{
  name,
  toolchain,
  builder,
  environment,
  package,
  mainProgram,
  hasSearchPaths,
}:
pythonDerivation {
  name = text.storeName name;
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "application"
  ];
  spec = {
    environment = "${environment}";
    package = {
      name = package.pname;
      path = "${package}";
    };
    inherit mainProgram;
    shell = if hasSearchPaths then "${toolchain.bash}/bin/bash" else null;
  };
}
// {
  inherit (package) pname version;
  meta = { inherit mainProgram; };
}
