let
  supportsSystem = import ./supports-system.nix;
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
  Return the packages that some groups of a lock need on one system: their requirements, and all that
  these depend on, each package with the extras that are required of it. The attribute names are
  the packages; null stands for all packages of the lock.

  Type: groupClosure :: {
    context :: string, the environment, named in errors;
    data    :: attrs, a lock in the shape of docs/sources-yaml.md;
    system  :: string;
    groups  :: [string];
    roots   :: [string], further packages, such as "httpx[http2]";
  } -> attrs | null

  Example:
    groupClosure {
      context = "environment \"example\"";
      data = { groups = { default = [ "a" ]; dev = [ "b" ]; }; packages = [ { name = "a"; } { name = "b"; } ]; };
      system = "x86_64-linux";
      groups = [ "dev" ];
    }
    => { b = null; }
*/
{
  context,
  data,
  system,
  groups,
  roots ? [ ],
}:
let
  known = {
    default = [ ];
  }
  // data.groups or { };
  unknown = builtins.filter (group: !(known ? ${group})) groups;
  omitted = builtins.filter (group: !builtins.elem group groups) (builtins.attrNames known);

  forSystem = builtins.filter (supportsSystem system);
  packages = builtins.listToAttrs (
    map (package: {
      inherit (package) name;
      value = forSystem (package.dependencies or [ ]);
    }) (forSystem (data.packages or [ ]))
  );

  # Group → its requirements that a marker rules out here, though other packages may need them.
  ruledOut = builtins.mapAttrs (
    _: items:
    builtins.listToAttrs (
      map (item: {
        name = item.requirement;
        value = null;
      }) items
    )
  ) (builtins.groupBy (item: item.group) (forSystem (data.ruled-out or [ ])));
  rootsOf =
    group:
    if ruledOut ? ${group} then
      builtins.filter (root: !(ruledOut.${group} ? ${root})) known.${group}
    else
      known.${group};

  # A marker may rule out a root on this system.
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

  rootNodes = builtins.concatMap parseRoot roots;
  unknownRoots = builtins.filter (node: !(packages ? ${node.name})) rootNodes;

  closure = builtins.genericClosure {
    startSet =
      present (builtins.concatMap (group: builtins.concatMap parseRoot (rootsOf group)) groups)
      ++ rootNodes;
    operator = follow;
  };
in
if unknown != [ ] then
  throw "wheelhouse: ${context}: the lock has no group ${text.enumerate unknown}; it has ${text.enumerate (builtins.attrNames known)}. Name one of those, or add the group to the requirements and lock again."
else if unknownRoots != [ ] then
  throw "wheelhouse: ${context}: the lock has no package ${
    text.enumerate (map (node: node.name) unknownRoots)
  } for \"${system}\". Name one that it has, by its normalized name, or require it and lock again."
else if omitted == [ ] then
  null
else
  builtins.listToAttrs (
    map (node: {
      inherit (node) name;
      value = null;
    }) closure
  )
