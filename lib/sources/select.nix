let
  reach = import ./reach.nix;
  serves = import ./serves.nix;
  text = import ../text.nix;

  # The platform's versions that the lock asks for and the package set does not reach.
  beyond =
    locked: floor:
    builtins.filter (key: builtins.compareVersions locked.${key} (floor.${key} or "0") > 0) (
      builtins.attrNames locked
    );
in
/*
  The files that one system installs for some groups: one for each package, as the lock has decided.

  Type: select :: {
    owner  :: string, what the files are for, named in errors;
    data   :: attrs, a lock in the shape of docs/sources-yaml.md;
    system :: string;
    groups :: [string];
    floor  :: { glibc | musl | macos :: string }, the version of the platform at hand;
  } -> [{ package, version, name, url, sha256 :: string }]

  Example:
    select { owner = "env"; data = lock; system = "x86_64-linux"; groups = [ "default" ]; floor.glibc = "2.42"; }
    => [ { package = "idna"; version = "3.10"; name = "idna-3.10-py3-none-any.whl"; … } ]
*/
{
  owner,
  data,
  system,
  groups ? [ "default" ],
  floor,
}:
let
  reached = reach {
    inherit
      owner
      data
      system
      groups
      ;
  };
  locked = data.systems.${system};
  newer = beyond locked floor;
  serving = builtins.filter (serves system);
  files = serving data.links;
  byPackage = builtins.groupBy (file: file.package) files;
  wanted = map (package: package.name) (serving (data.packages or [ ]));
  missing = builtins.filter (name: !(byPackage ? ${name})) wanted;
  several = builtins.filter (name: builtins.length byPackage.${name} > 1) (
    builtins.attrNames byPackage
  );
  key = builtins.head newer;
in
if !(data.systems ? ${system}) then
  throw "wheelhouse: ${owner}: the lock is for ${text.enumerate (builtins.attrNames data.systems)}, not for \"${system}\". Lock again with that system among them."
else if newer != [ ] then
  throw "wheelhouse: ${owner}: the lock is for ${key} ${locked.${key}} or newer on \"${system}\", but the package set has ${floor.${key} or "none"}. Use a newer package set, or lock for an older ${key}."
else if missing != [ ] then
  throw "wheelhouse: ${owner}: the lock lists ${text.enumerate missing} for \"${system}\", but no file of it. Lock again."
else if several != [ ] then
  throw "wheelhouse: ${owner}: the lock has several files of ${text.enumerate several} for \"${system}\", where one is needed. Lock again."
else if reached == null then
  files
else
  builtins.filter (file: reached ? ${file.package}) files
