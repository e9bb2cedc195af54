fixtures:
let
  inherit (fixtures) library lock;
  ofProject =
    arguments:
    library.makePythonPypiApplication (
      {
        sourcesYaml = ../data/project/sources.yaml;
        package = "demo";
      }
      // arguments
    );
  ofIndex =
    arguments:
    library.makePythonPypiApplication (
      {
        sourcesRaw = lock;
        package = "idna";
      }
      // arguments
    );
  packagesOf = application: builtins.attrNames application.environment.packages;
in
{
  "it is named after its package, without extras" = {
    value = (ofProject { package = "demo[cli]"; }).name;
    expected = "demo";
  };
  "a project's environment has what it needs alone" = {
    value = packagesOf (ofProject { });
    expected = [ "demo" ];
  };
  "extras bring what they need" = {
    value = packagesOf (ofProject { package = "demo[cli]"; });
    expected = [
      "demo"
      "idna"
    ];
  };
  "groups bring what the programs see beside their own" = {
    value = packagesOf (ofProject { groups = [ "default" ]; });
    expected = [
      "demo"
      "other"
    ];
  };
  "an index' package sees the default group, so that plugins are found" = {
    value = packagesOf (ofIndex { });
    expected = [
      "idna"
      "native"
    ];
  };
  "or nothing else, if that is asked for" = {
    value = packagesOf (ofIndex { groups = [ ]; });
    expected = [ "idna" ];
  };
  "its main program is the project's only one" = {
    value = (ofProject { }).meta.mainProgram;
    expected = "run-demo";
  };
  "else the one called as the package is, or the user's choice" = {
    value = [
      (ofIndex { }).meta.mainProgram
      (ofIndex { mainProgram = "other"; }).meta.mainProgram
    ];
    expected = [
      "idna"
      "other"
    ];
  };
  "its licences are those of its package alone" = {
    value =
      map (license: license.shortName)
        (ofIndex {
          sourcesRaw = lock // {
            licenses = {
              idna = "BSD-3-Clause";
              native = "MIT";
            };
          };
        }).meta.license;
    expected = [ "BSD-3-Clause" ];
  };
  "it is described by the user, as a package of nixpkgs is" = {
    value =
      let
        inherit (ofIndex { meta.description = "Names of domains"; }) meta;
      in
      [
        meta.description
        meta.mainProgram
      ];
    expected = [
      "Names of domains"
      "idna"
    ];
  };
  "a description that is none is refused" = {
    value = (ofIndex { meta = "Names of domains"; }).meta.mainProgram;
    throws = "`meta` must be a set of attributes such as `description`, but it is a string";
  };
  "its main program is an argument of its own" = {
    value = (ofIndex { meta.mainProgram = "other"; }).meta.mainProgram;
    throws = "`meta.mainProgram` is what the argument `mainProgram` says";
  };
  "a package that the lock lacks is named" = {
    value = (ofProject { package = "dmo"; }).drvPath;
    throws = "environment \"dmo-environment\": the lock has no package \"dmo\" for \"x86_64-linux\"";
  };
  "arguments of an environment are arguments" = {
    value = (ofProject { projects.demo.src = ./.; }).drvPath;
    throws = "projects.demo has no key \"src\"";
  };
  "a lock of one project needs no name of it" = {
    value =
      (library.makePythonPypiApplication {
        sourcesRaw = lock // {
          projects = [
            {
              name = "idna";
              path = ".";
            }
          ];
        };
      }).name;
    expected = "idna";
  };
  "a lock of several projects names them" = {
    value = (library.makePythonPypiApplication { sourcesYaml = ../data/project/sources.yaml; }).name;
    throws = "an application is made of one package, but the lock has the projects \"demo\", \"other\"";
  };
}
