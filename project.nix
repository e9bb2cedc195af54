# What this project makes of its own library: the examples, their checks, and its developers' tools.
library:
let
  inherit (library) makePythonPypiEnvironment toolchain;

  examples = {
    django = makePythonPypiEnvironment {
      name = "django-example";
      sourcesYaml = ./examples/django/sources.yaml;
    };
    science = makePythonPypiEnvironment {
      name = "science-example";
      sourcesYaml = ./examples/science/sources.yaml;
    };
  };

  tools = makePythonPypiEnvironment {
    name = "tools";
    sourcesYaml = ./tests/sources + "/${toolchain.python.pythonVersion}.yaml";
  };

  book = import ./book {
    inherit toolchain makePythonPypiEnvironment;
    inherit ((builtins.fromTOML (builtins.readFile ./pyproject.toml)).project) version;
  };

  # Runs a program with an environment's Python in the sandbox; what it prints is the result.
  check =
    name: environment: program:
    derivation {
      name = "check-${name}";
      inherit (toolchain) system;
      builder = "${environment}/bin/python";
      # Nix starts a builder with a bare argv[0], and Python looks for itself by that.
      PATH = "${environment}/bin";
      args = [
        "-I"
        ./examples/check.py
        program
      ];
    };
in
{
  packages = library.programs // {
    inherit book tools;
    inherit (examples) science;
    env = examples.django;
    default = library.lock;
  };

  apps =
    let
      programs = builtins.mapAttrs (name: program: {
        type = "app";
        program = "${program}/bin/${name}";
        meta = { inherit (program.meta) description; };
      }) library.programs;
    in
    programs // { default = programs.lock; };

  checks = {
    django = check "django" examples.django ./examples/django/program.py;
    science = check "science" examples.science ./examples/science/program.py;
    imports = examples.science.tests.imports;
    inherit (library) lock;
    inherit book tools;
  };

  devShells.default = library.makeShell {
    environment = tools;
    packages = [ library.lock ];
  };
}
