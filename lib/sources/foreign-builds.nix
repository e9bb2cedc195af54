let
  flagLocks = import ../makes/locks.nix;
  table = import ../makes/table.nix;
  text = import ../text.nix;

  # The newest that Makes knew, and so the ones that a lock of Makes may count on.
  basic = [
    "withSetuptools_67_7_2"
    "withWheel_0_40_0"
  ];

  flagsOf = builtins.groupBy (flag: table.${flag}.package) (builtins.attrNames table);
  versions =
    files:
    builtins.listToAttrs (
      map (file: {
        name = file.package;
        value = file.version;
      }) files
    );
in
/*
  Add the builds of its source distributions to a lock of Makes. Makes locked none, so the source
  distributions are downloaded and read while evaluating; without any, nothing is done.

  Type: foreignBuilds :: {
    context  :: string, the environment, named in errors;
    flags    :: [string], of Makes, that builds are to see;
    download :: file -> derivation | path;
    readBuilds :: attrs -> any, runs lock/foreign/builds.py;
    data     :: attrs, a lock in the shape of docs/sources-yaml.md, its `builds` null;
  } -> attrs, in the same shape, with an `advice` in each build for when it fails; a lock with
       builds, or of wheels only, is returned as it is

  Example:
    foreignBuilds {
      context = "environment \"example\"";
      flags = [ ];
      download = file: "/downloads/${file.name}";
      readBuilds = spec: throw "a lock of wheels has no builds";
      data = { python = "3.9"; builds = null; links = [ { name = "idna-3.10-py3-none-any.whl"; } ]; };
    }
    => { python = "3.9"; links = [ { name = "idna-3.10-py3-none-any.whl"; } ]; }
*/
{
  context,
  flags,
  download,
  readBuilds,
  data,
}:
let
  inherit (builtins.partition (link: text.hasSuffix ".whl" link.name) data.links) right wrong;
  basics = builtins.concatMap (lock: lock.data.links) (flagLocks context data.python basic);
in
if (data.builds or [ ]) != null then
  data
else if wrong == [ ] then
  removeAttrs data [ "builds" ]
else
  data
  // {
    build-links = basics;
    builds = readBuilds {
      sources = map (file: {
        inherit (file) package version name;
        path = download file;
      }) wrong;
      wheels = versions right;
      origin = context;
      given = map (flag: table.${flag}.package) flags;
      flags = flagsOf;
      basics = versions basics;
    };
  }
