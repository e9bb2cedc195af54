let
  groupClosure = import ./group-closure.nix;
  supportsSystem = import ./supports-system.nix;
  text = import ../text.nix;
in
/*
  Return the packages that a lock leaves to the package set, for one system and some groups. Throws for
  a source that isn't known.

  Type: fromNixpkgs :: {
    context :: string, the environment, named in errors;
    data    :: attrs, a lock in the shape of docs/sources-yaml.md;
    system  :: string;
    groups  :: [string];
    roots   :: [string], further packages;
  } -> [attrs], items of `packages`

  Example:
    fromNixpkgs {
      context = "environment \"example\"";
      data.packages = [ { name = "idna"; } { name = "tkinter"; from = "nixpkgs"; } ];
      system = "x86_64-linux";
      groups = [ "default" ];
    }
    => [ { name = "tkinter"; from = "nixpkgs"; } ]
*/
{
  context,
  data,
  system,
  groups,
  roots ? [ ],
}:
let
  items = builtins.filter (package: package ? from && supportsSystem system package) (
    data.packages or [ ]
  );
  unknown = builtins.filter (package: package.from != "nixpkgs") items;
  needed = groupClosure {
    inherit
      context
      data
      system
      groups
      roots
      ;
  };
in
if items == [ ] then
  [ ]
else if unknown != [ ] then
  throw "wheelhouse: ${context}: the lock takes ${text.enumerate (map (package: package.name) unknown)} from \"${(builtins.head unknown).from}\", which this version of wheelhouse doesn't know. Update wheelhouse."
else if needed == null then
  items
else
  builtins.filter (package: needed ? ${package.name}) items
