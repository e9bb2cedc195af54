fixtures:
let
  inherit (fixtures) library makePythonPypiEnvironment makeShell;

  environment = makePythonPypiEnvironment {
    name = "x";
    sourcesRaw = fixtures.lock;
  };
  isAsked = made: made.drvAttrs.allowSubstitutes or true;
in
{
  "a cache is asked for all that is made of an environment" = {
    value = builtins.mapAttrs (_kind: isAsked) {
      inherit environment;
      inherit (environment) htmlReport report;
      inherit (environment.tests) imports;
      inherit (library) lock;
      package = builtins.head (builtins.attrValues environment.packages);
      chosenImports = environment.tests.imports.override { timeout = 10; };
    };
    expected = {
      environment = true;
      htmlReport = true;
      report = true;
      imports = true;
      lock = true;
      package = true;
      chosenImports = true;
    };
  };
  "no cache is asked for a shell, of which Nix makes another one" = {
    value = isAsked (makeShell {
      inherit environment;
    });
    expected = false;
  };
}
