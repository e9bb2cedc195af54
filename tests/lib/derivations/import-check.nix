fixtures:
let
  inherit (fixtures) packageSet;

  check = import ../../../lib/derivations/import-check.nix {
    toolchain = import ../../../lib/toolchain.nix packageSet;
    builder = {
      outPath = "/builder";
      python = packageSet.interpreter;
    };
    environment = {
      outPath = "/env";
      name = "x";
      python = packageSet.interpreter;
    };
    packages = [ ];
  };
  choices = check: {
    inherit (builtins.fromJSON check.spec) skip only timeout;
  };
in
{
  "everything is imported by default" = {
    value = choices check;
    expected = {
      skip = [ ];
      only = null;
      timeout = 300;
    };
  };

  "a remote builder may have it, and its environment is made here" = {
    value = {
      inherit (check) preferLocalBuild;
    };
    expected = {
      preferLocalBuild = false;
    };
  };

  "override makes the check again with what is chosen, once and again" = {
    value = choices (
      (check.override {
        skip = [ "demo.*" ];
        timeout = 60;
      }).override
        (old: {
          skip = old.skip ++ [ "other" ];
          only = [ "demo" ];
        })
    );
    expected = {
      skip = [
        "demo.*"
        "other"
      ];
      only = [ "demo" ];
      timeout = 60;
    };
  };

  "an argument that isn't there is told with the near one" = {
    value = (check.override { skips = [ "demo" ]; }).drvPath;
    throws = "tests.imports.override of x has no argument \"skips\". Did you mean \"skip\"?";
  };

  "a glob that is no list is told" = {
    value = (check.override { skip = "demo"; }).drvPath;
    throws = "tests.imports.override of x: `skip` must be a list of globs";
  };

  "a list of something else than globs is told" = {
    value = (check.override { only = [ 1 ]; }).drvPath;
    throws = "`only` must be a list of globs";
  };

  "a time that is none is told" = {
    value = (check.override { timeout = 0; }).drvPath;
    throws = "`timeout` must be a number of seconds";
  };
}
