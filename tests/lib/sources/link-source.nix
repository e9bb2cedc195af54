_fixtures:
let
  text = import ../../../lib/text.nix;
  sourceFrom =
    folder:
    import ../../../lib/sources/link-source.nix {
      inherit folder;
      context = "environment \"x\"";
      fetchurl = file: "fetched ${file.url}";
    };
in
{
  "a file is fetched as it is told" = {
    value = sourceFrom ./. {
      name = "a.whl";
      url = "https://index.example/a.whl";
    };
    expected = "fetched https://index.example/a.whl";
  };
  "a path is seen from the lock, and is a store path of its own" = {
    value = text.hasSuffix "-lib-1.0" (
      sourceFrom ../data {
        name = "lib-1.0";
        package = "lib";
        path = "../../lib/data";
      }
    );
    expected = true;
  };
  "a path needs a lock that lies somewhere" = {
    value = sourceFrom null {
      name = "lib-1.0";
      package = "lib";
      path = "../lib";
    };
    throws = "environment \"x\": lib lies at \"../lib\", seen from its lock, but the lock is given as data";
  };
}
