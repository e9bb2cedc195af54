let
  canonical = import ../sources/canonical.nix;
  table = import ./table.nix;
  text = import ../text.nix;

  folder = ./sources;
  pythons = map (file: builtins.head (builtins.match "(.*)\\.yaml" file)) (
    builtins.attrNames (builtins.readDir folder)
  );
in
/*
  Return the locks of flags for a version of Python, as scripts/lock-makes wrote them.

  Type: flagLocks :: string -> string -> [string] -> [{ package :: string; data :: attrs }]

  Example:
    map (lock: lock.data.closure) (flagLocks "environment \"example\"" "3.8" [ "withWheel_0_37_0" ])
    => [ { wheel = "0.37.0"; } ]
*/
context: python: flags:
let
  found =
    if builtins.elem python pythons then
      canonical.parse "lib/makes/sources/${python}.yaml" (
        builtins.readFile (folder + "/${python}.yaml")
      )
    else
      { };
  lockOf =
    flag:
    let
      inherit (table.${flag}) package version;
    in
    if found ? ${flag} then
      {
        inherit package;
        data = found.${flag};
      }
    else
      throw "wheelhouse: ${context}: ${flag} is not to be had for Python ${python}: ${package} ${version} ${
        if found == { } then
          "is locked for ${text.enumerate pythons} only"
        else
          "has no wheel there, and can't be built or imported"
      }. Name a newer version of it as `build-requires` in requirements.yaml, and lock with wheelhouse.";
in
map lockOf flags
