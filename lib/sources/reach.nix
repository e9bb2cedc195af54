let
  serves = import ./serves.nix;
  text = import ../text.nix;

  # "httpx[http2]" → the nodes of httpx and of its extra.
  parseRoot =
    root:
    let
      parts = builtins.match "([^[]+)(\\[(.*)])?" root;
      extras = builtins.elemAt parts 2;
    in
    nodes (builtins.head parts) (
      if extras == null then
        [ ]
      else
        builtins.filter builtins.isString (builtins.split "," extras)
    );

  nodes =
    name: extras:
    [
      {
        key = name;
        inherit name;
        extra = null;
      }
    ]
    ++ map (extra: {
      key = "${name}[${extra}]";
      inherit name extra;
    }) extras;
in
/*
  The packages that some groups of a lock need on one system: what the groups ask for, and all that
  this needs in turn, of each package only the extras that are asked for. The attributes' names
  count; null stands for all packages of the lock.

  Type: reach :: {
    owner  :: string, named in errors;
    data   :: attrs, a lock in the shape of docs/sources-yaml.md;
    system :: string;
    groups :: [string];
  } -> attrs | null

  Example:
    reach { owner = "env"; data = lock; system = "x86_64-linux"; groups = [ "docs" ]; }
    => { sphinx = …; docutils = …; … }
*/
{
  owner,
  data,
  system,
  groups,
}:
let
  known = {
    default = [ ];
  }
  // data.groups or { };
  unknown = builtins.filter (group: !(known ? ${group})) groups;
  left = builtins.filter (group: !builtins.elem group groups) (builtins.attrNames known);

  serving = builtins.filter (serves system);
  packages = builtins.listToAttrs (
    map (package: {
      inherit (package) name;
      value = serving (package.dependencies or [ ]);
    }) (serving (data.packages or [ ]))
  );

  # A root that a marker rules out here is in no package's place.
  present = builtins.filter (node: packages ? ${node.name});

  follow =
    node:
    let
      holds =
        edge:
        if node.extra == null then
          !(edge ? of-extras)
        else
          builtins.elem node.extra (edge.of-extras or [ ]);
    in
    present (
      builtins.concatMap (edge: nodes edge.name (edge.extras or [ ])) (
        builtins.filter holds packages.${node.name}
      )
    );

  closure = builtins.genericClosure {
    startSet = present (
      builtins.concatMap (group: builtins.concatMap parseRoot known.${group}) groups
    );
    operator = follow;
  };
in
if unknown != [ ] then
  throw "wheelhouse: ${owner}: the lock has no group ${text.enumerate unknown}; it has ${text.enumerate (builtins.attrNames known)}. Name one of those, or add the group to the requirements and lock again."
else if left == [ ] then
  null
else
  builtins.listToAttrs (
    map (node: {
      inherit (node) name;
      value = null;
    }) closure
  )
