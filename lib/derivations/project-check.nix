let
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Run a command of an environment in the sandbox, in a copy of a project's folder that lacks the
  project's own modules, so that it is the built project that is checked. The result is what the
  command printed.

  Type: projectCheck :: {
    name               :: string;
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, that has the project and the command;
    package            :: derivation, of the project, with `pname` and `source`;
    source             :: path, the project's whole folder;
    command            :: [string], a program of the environment or of a package, and arguments;
    packages           :: [derivation], whose programs the command finds, too;
    variables          :: { <name> = string }, of its environment;
  } -> derivation

  Example:
    projectCheck {
      name = "demo-pytest";
      inherit toolchain builder;
      environment = env;
      package = env.packages.idna // { source = ./.; };
      source = ./.;
      command = [ "pytest" ];
      packages = [ ];
      variables = { };
    }
    => «derivation /nix/store/…-demo-pytest.drv»
*/
{
  name,
  toolchain,
  builder,
  environment,
  package,
  source,
  command,
  packages,
  variables,
}:
pythonDerivation {
  name = text.storeName name;
  inherit (toolchain) system;
  inherit (builder) python;
  # It computes for long, and gives back a few lines.
  preferLocalBuild = false;
  program = [
    "${builder}"
    "check"
  ];
  spec = {
    environment = "${environment}";
    inherit (environment.python) sitePackages;
    package = {
      name = package.pname;
      path = "${package}";
      source = "${package.source}";
    };
    source = "${source}";
    inherit command variables;
    programs = map (program: "${program}/bin") (packages ++ [ toolchain.coreutils toolchain.bash ]);
  };
}
