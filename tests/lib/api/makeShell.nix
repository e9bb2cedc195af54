fixtures:
let
  inherit (fixtures) lock makePythonPypiEnvironment;
  environment = makePythonPypiEnvironment {
    name = "x";
    sourcesRaw = lock;
  };
  shell = arguments: fixtures.makeShell ({ inherit environment; } // arguments);
  line =
    number: made:
    builtins.elemAt (builtins.filter builtins.isString (builtins.split "\n" made.shellHook)) number;
  project = makePythonPypiEnvironment {
    name = "x";
    sourcesYaml = ../data/project/sources.yaml;
  };
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
    value = line 1 (shell { }) == ". ${environment}/template";
    expected = true;
  };
  "packages' programs come first in PATH, before coreutils" = {
    value = line 0 (shell { packages = [ "/git" ]; });
    expected = "PATH=/git/bin:/coreutils/bin:$PATH";
  };
  "an editable project's shell has uv use its environment" = {
    value =
      let
        made = shell {
          environment = project;
          editable.demo = ".";
        };
      in
      [
        made.UV_NO_SYNC
        (made.UV_PROJECT_ENVIRONMENT == "${project}")
        (made.UV_PROJECT_ENVIRONMENT == "${project.withEditable [ "demo" ]}")
      ];
    expected = [
      "1"
      false
      true
    ];
  };
  "other shells leave uv alone" = {
    value = (shell { }) ? UV_NO_SYNC;
    expected = false;
  };
  "an editable project that the environment lacks is named with those that it has" = {
    value =
      (shell {
        environment = project;
        editable.dmo = ".";
      }).drvPath;
    throws = "shell \"x-shell\": the environment has no project \"dmo\"; it has \"demo\", \"other\"";
  };
  "an editable project at a path of the store is refused" = {
    value =
      (shell {
        environment = project;
        editable.demo = ./.;
      }).drvPath;
    throws = "shell \"x-shell\": editable.demo is a path of the store or of one machine";
  };
}
