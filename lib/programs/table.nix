/*
  The programs of the project, by their names: `nix run .#NAME`.

  Type: table :: { <name> = {
    description :: string;
    module      :: string, whose function `program` runs it;
    folders     :: [string], of the project's Python code, which it imports;
    builds      :: bool, whether it makes environments with this library; by default not;
    completions :: bool, whether `NAME completion SHELL` prints a completion; by default not;
  } }

  Example:
    table.lock.module
    => "lock.commands.main"
*/
{
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
}
