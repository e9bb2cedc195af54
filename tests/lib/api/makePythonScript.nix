fixtures:
let
  inherit (fixtures) library lock;
  script = ../data/scripts/thing.py;
  make = arguments: library.makePythonScript ({ inherit script; } // arguments);
in
{
  "a script alone has its lock beside it" = {
    value = (library.makePythonScript script).environment.lockFile;
    expected = ../data/scripts/thing.py.sources.yaml;
  };
  "it is named as the script is, without its suffix" = {
    value = {
      inherit ((library.makePythonScript script)) name meta;
      environment = (make { }).environment.name;
    };
    expected = {
      name = "thing";
      meta.mainProgram = "thing";
      environment = "thing-environment";
    };
  };
  "it has the name that is given" = {
    value = (make { name = "other"; }).meta.mainProgram;
    expected = "other";
  };
  "another lock may be given, with arguments of an environment" = {
    value = builtins.attrNames (make {
      sourcesRaw = lock;
      groups = [ "default" ];
    }).environment.packages;
    expected = [
      "idna"
      "native"
    ];
  };
  "search paths are set before it runs" = {
    value = map (made: (builtins.fromJSON (builtins.unsafeDiscardStringContext made.spec)).shell != null) [
      (make { })
      (make { searchPaths.bin = [ "/tool" ]; })
    ];
    expected = [
      false
      true
    ];
  };
  "a script may have a name that the store doesn't take" = {
    value =
      (builtins.fromJSON (
        builtins.unsafeDiscardStringContext
          (library.makePythonScript {
            script = ../data/scripts + "/my thing.py";
            sourcesRaw = lock;
          }).spec
      )).name;
    expected = "my thing";
  };
  "a script without a lock is told how to lock" = {
    value = (library.makePythonScript ../data/scripts/unlocked.py).drvPath;
    throws = "script \"unlocked\": there is no lock unlocked.py.sources.yaml beside it. Run `lock unlocked.py`";
  };
  "a script must be a path" = {
    value = (library.makePythonScript { script = "thing.py"; }).drvPath;
    throws = "`script` is no path but \"thing.py\". Write it as in `script = ./thing.py;`, without quotes";
  };
  "a script must be given" = {
    value = library.makePythonScript { sourcesRaw = lock; };
    throws = "makePythonScript needs a script";
  };
}
