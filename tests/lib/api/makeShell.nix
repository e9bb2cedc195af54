fixtures:
let
  inherit (fixtures) lock makePythonPypiEnvironment;
  environment = makePythonPypiEnvironment {
    name = "x";
    sourcesRaw = lock;
  };
  shell = arguments: fixtures.makeShell ({ inherit environment; } // arguments);
in
{
  "it is named after its environment" = {
    value = (shell { }).name;
    expected = "x-shell";
  };
  "it may have a name of its own, of any text" = {
    value = (shell { name = "my shell"; }).name;
    expected = "my-shell";
  };
  "it sources the environment's template" = {
    value = builtins.head (builtins.split "\n" (shell { }).shellHook) == ". ${environment}/template";
    expected = true;
  };
  "packages' programs come first in PATH, before coreutils" = {
    value = (shell { packages = [ "/git" ]; }).PATH;
    expected = "/git/bin:/coreutils/bin";
  };
}
