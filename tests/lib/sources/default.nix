fixtures:
let
  inherit (fixtures) lock;
  readSources = import ../../../lib/sources;
  read =
    arguments:
    readSources (
      {
        context = "environment \"x\"";
        toolchain = null;
        builder = null;
        flags = [ ];
        download = null;
      }
      // arguments
    );
in
{
  "none given is an error that names the three" = {
    value = read { };
    throws = "give exactly one of sourcesYaml, sourcesJson and sourcesRaw; none of them is given";
  };
  "two given is an error that names both" = {
    value = read {
      sourcesRaw = lock;
      sourcesJson = ../data/two-systems.json;
    };
    throws = "\"sourcesJson\", \"sourcesRaw\" are given";
  };
  "a canonical file, JSON and data give the same, without a build" = {
    value =
      let
        fromYaml = read { sourcesYaml = ../data/two-systems.yaml; };
      in
      [
        (fromYaml == read { sourcesJson = ../data/two-systems.json; })
        (fromYaml == read { sourcesRaw = lock; })
      ];
    expected = [
      true
      true
    ];
  };
  "a lock of format 1 gives the same but for the number, without a build" = {
    value = read { sourcesYaml = ../data/two-systems-format-1.yaml; } // {
      wheelhouse = 2;
    };
    expected = lock;
  };
  "a lock that isn't there says how to get it" = {
    value = read { sourcesYaml = ../data/missing.yaml; };
    throws = "environment \"x\": there is no lock missing.yaml. Run `lock`; in a git repository, `git add` it as well.";
  };
  "a newer format asks for an update, whatever its lines are like" = {
    value = read { sourcesYaml = ../data/newer-format.yaml; };
    throws = "environment \"x\": the lock has format 3, but this version of wheelhouse reads formats 1 and 2. Update wheelhouse";
  };
}
