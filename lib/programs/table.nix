/*
  The programs of the project, by their names: `nix run .#NAME`.

  Type: table :: { <name> = {
    description :: string;
    module      :: string, whose function `program` runs it;
    folders     :: [string], of the project's Python code, which it imports;
    builds      :: bool, whether it makes environments with this library; by default not;
    completions :: bool, whether `NAME completion SHELL` prints a completion; by default not;
    data        :: { <variable> = path }, files that it finds by variables; by default none;
  } }

  Example:
    table.lock.module
    => "lock.commands.main"
*/
{
  init = {
    description = "Start an environment, a project or a service from nothing";
    module = "init.main";
    folders = [
      "init"
      "lock"
      "native"
    ];
    data.WHEELHOUSE_TEMPLATES = ../../templates;
  };

  lock = {
    description = "Resolve a requirements.yaml into a sources.yaml";
    module = "lock.commands.main";
    folders = [
      "lock"
      "native"
    ];
    completions = true;
  };

  nixpkgs-expression = {
    description = "Print an expression for nixpkgs of a package on the index";
    module = "init.nixpkgs.main";
    folders = [
      "init"
      "lock"
      "native"
      "run"
    ];
    builds = true;
  };

  report = {
    description = "Write a page about the environment of a lock";
    module = "report.program";
    folders = [
      "report"
      "run"
      "lock"
      "native"
    ];
    builds = true;
  };

  script = {
    description = "Run a Python script with the packages that it names";
    module = "run.script";
    folders = [
      "run"
      "lock"
      "native"
    ];
    builds = true;
  };

  "with" = {
    description = "Run a command with packages of the index";
    module = "run.with_packages";
    folders = [
      "run"
      "lock"
      "native"
    ];
    builds = true;
  };
}
