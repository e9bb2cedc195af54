let
  text = import ../text.nix;
in
/*
  Return what a lock has for some groups, where it has groups that exclude each other: without the
  items of other choices. Another lock is returned as it is. Throws, naming both, for groups that
  exclude each other.

  Type: choose :: {
    context :: string, what the lock is for, named in errors;
    data    :: attrs, a lock in the shape of docs/sources-yaml.md;
    groups  :: [string];
    roots   :: [string], further packages: the only requirement of a group stands for that group;
  } -> attrs

  Example:
    (choose {
      context = "environment \"example\"";
      data = {
        conflicts = [ "cpu+gpu" ];
        links = [ { name = "a"; choices = [ "cpu" ]; } { name = "b"; choices = [ "" "gpu" ]; } ];
      };
      groups = [ "default" "gpu" ];
      roots = [ ];
    }).links
    => [ { name = "b"; choices = [ "" "gpu" ]; } ]
*/
{
  context,
  data,
  groups,
  roots ? [ ],
}:
let
  conflicts = map (
    conflict: builtins.filter builtins.isString (builtins.split "\\+" conflict)
  ) data.conflicts;
  conflicting = builtins.attrNames (
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) (builtins.concatLists conflicts)
    )
  );
  isRoot =
    group:
    let
      required = data.groups.${group} or [ ];
    in
    builtins.length required == 1 && builtins.elem (builtins.head required) roots;
  chosen = builtins.filter (group: builtins.elem group groups || isRoot group) conflicting;
  clashes = builtins.filter (together: builtins.length together > 1) (
    map (builtins.filter (group: builtins.elem group chosen)) conflicts
  );

  # The names of the groups, sorted.
  choice = builtins.concatStringsSep "+" chosen;
  holding = builtins.filter (item: !(item ? choices) || builtins.elem choice item.choices);
  restricted =
    item: key:
    if item ? ${key} then
      {
        ${key} = holding item.${key};
      }
    else
      { };
  withEdges =
    package: package // restricted package "dependencies" // restricted package "required";
in
if !(data ? conflicts) then
  data
else if clashes != [ ] then
  throw "wheelhouse: ${context}: the groups ${text.enumerate (builtins.head clashes)} exclude each other. Name one of them."
else
  data
  // restricted data "links"
  // restricted data "build-links"
  // (
    if data ? packages then
      {
        packages = map withEdges (holding data.packages);
      }
    else
      { }
  )
