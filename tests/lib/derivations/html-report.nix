fixtures:
let
  inherit (fixtures) makePythonPypiEnvironment;

  environment = makePythonPypiEnvironment {
    name = "x";
    sourcesRaw = fixtures.lock // {
      requested.indexes = [
        {
          name = "mine";
          url = "https://user:secret@index.example/simple";
        }
      ];
    };
  };
  text = builtins.unsafeDiscardStringContext environment.htmlReport.drvAttrs.spec;
  spec = builtins.fromJSON text;
in
{
  "the report has what is installed, and how it was asked for" = {
    value = {
      inherit (spec) groups roots system;
      installed = map (item: item.name) spec.installed;
      hasLock = spec.lock ? packages;
    };
    expected = {
      groups = [ "default" ];
      roots = [ ];
      system = environment.system;
      installed = builtins.attrNames environment.packages;
      hasLock = true;
    };
  };
  "an error of the report names the lock's own file" = {
    value =
      let
        nameIn =
          arguments:
          (builtins.fromJSON (
            builtins.unsafeDiscardStringContext
              (makePythonPypiEnvironment ({ name = "x"; } // arguments)).htmlReport.drvAttrs.spec
          )).lockFile;
      in
      [
        (nameIn { sourcesYaml = ../data/lock-of-0.1.yaml; })
        spec.lockFile
      ];
    expected = [
      "lock-of-0.1.yaml"
      "the lock of x"
    ];
  };
  "the report has no requirements, which may name credentials" = {
    value = spec.lock ? requested || builtins.match ".*secret.*" text != null;
    expected = false;
  };
}
