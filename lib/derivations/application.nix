let
  pythonDerivation = import ./python-derivation.nix;
  pythonVersion = import ../python-version.nix;
  text = import ../text.nix;
in
/*
  Make an application of an environment: one package's programs in bin/, with its share/, and nothing
  of what they depend on.

  Type: application :: {
    name               :: string;
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, that has the package, or what it depends on;
    projects           :: [derivation], that aren't in the environment;
    ignoreCollisions   :: [string], globs of files where the project may win;
    package            :: derivation, with `pname`;
    mainProgram        :: string, one of its programs;
    hasSearchPaths     :: bool, whether its programs need what the template adds to a shell;
  } -> derivation

  Example:
    application {
      name = "demo";
      inherit toolchain builder;
      environment = env;
      projects = [ ];
      ignoreCollisions = [ ];
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
  projects,
  ignoreCollisions,
  package,
  mainProgram,
  hasSearchPaths,
}:
let
  entry = made: {
    name = made.pname;
    path = "${made}";
  };
in
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
    python = {
      executable = environment.python.interpreter;
      version = pythonVersion environment.python;
      inherit (environment.python) sitePackages;
    };
    package = entry package;
    projects = map entry projects;
    inherit ignoreCollisions mainProgram;
    shell = if hasSearchPaths then "${toolchain.bash}/bin/bash" else null;
  };
}
// {
  inherit (package) pname version;
  meta = (package.meta or { }) // {
    inherit mainProgram;
  };
}
