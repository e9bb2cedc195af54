let
  groupClosure = import ./group-closure.nix;
  supportsSystem = import ./supports-system.nix;
  text = import ../text.nix;

  # The keys of the platform's versions that are newer in the lock than in the package set.
  newerThan =
    locked: floor:
    builtins.filter (key: builtins.compareVersions locked.${key} (floor.${key} or "0") > 0) (
      builtins.attrNames locked
    );
in
/*
  Select the files that one system installs for some groups: one for each package, as the lock has
  decided. Throws for a system that the lock isn't for, and for a package set that is too old.

  Type: select :: {
    context :: string, what the files are for, named in errors;
    data    :: attrs, a lock in the shape of docs/sources-yaml.md;
    system  :: string;
    groups  :: [string];
    roots   :: [string], further packages;
    floor   :: { glibc | musl | macos :: string }, the platform version of the package set;
  } -> [{ package, version, name, url, sha256 :: string }]

  Example:
    map (file: file.name) (select {
      context = "environment \"example\"";
      data = lock;
      system = "x86_64-linux";
      floor.glibc = "2.42";
    })
    => [ "idna-3.10-py3-none-any.whl" "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl" ]
*/
{
  context,
  data,
  system,
  groups ? [ "default" ],
  roots ? [ ],
  floor,
}:
let
  needed = groupClosure {
    inherit
      context
      data
      system
      groups
      roots
      ;
  };
  locked = data.systems.${system};
  newer = newerThan locked floor;
  forSystem = builtins.filter (supportsSystem system);
  files = forSystem data.links;
  byPackage = builtins.groupBy (file: file.package) files;
  packages = builtins.attrNames byPackage;
  missing = map (package: package.name) (
    builtins.filter (
      package: !(byPackage ? ${package.name}) && !(package ? from) && supportsSystem system package
    ) (data.packages or [ ])
  );
  ambiguous =
    if builtins.length packages == builtins.length files then
      [ ]
    else
      builtins.filter (name: builtins.length byPackage.${name} > 1) packages;
  key = builtins.head newer;
in
if !(data.systems ? ${system}) then
  throw "wheelhouse: ${context}: the lock is for ${text.enumerate (builtins.attrNames data.systems)}, not for \"${system}\". Lock again with that system among them."
else if newer != [ ] then
  throw "wheelhouse: ${context}: the lock is for ${key} ${locked.${key}} or newer on \"${system}\", but the package set has ${floor.${key} or "none"}. Use a newer package set, or lock for an older ${key}."
else if missing != [ ] then
  throw "wheelhouse: ${context}: the lock lists ${text.enumerate missing} for \"${system}\", but no file of it. Lock again."
else if ambiguous != [ ] then
  throw "wheelhouse: ${context}: the lock has several files of ${text.enumerate ambiguous} for \"${system}\", where one is needed. Lock again."
else if needed == null then
  files
else
  builtins.filter (file: needed ? ${file.package}) files
