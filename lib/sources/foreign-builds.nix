let
  locks = import ../makes/locks.nix;
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
  A lock of Makes, with the builds of its source distributions. Makes locked none, so the source
  distributions are downloaded and read while evaluating; without any, nothing is done.

  Type: builds :: {
    owner    :: string, named in errors;
    flags    :: [string], of Makes, that builds are to see;
    download :: file -> derivation | path;
    ask      :: attrs -> any, what lock/builds/foreign.py says of its instructions;
    data     :: attrs, a lock in the shape of docs/sources-yaml.md, its `builds` null;
  } -> attrs, in the same shape, with an `advice` in each build for when it fails; a lock with
       builds, or of wheels only, passes as it is

  Example:
    (builds { data.links = [ { name = "docopt-0.6.2.tar.gz"; … } ]; … }).builds
    => [ { package = "docopt"; closure = [ { name = "setuptools"; version = "67.7.2"; } … ]; … } ]
*/
{
  owner,
  flags,
  download,
  ask,
  data,
}:
let
  inherit (builtins.partition (link: text.hasSuffix ".whl" link.name) data.links) right wrong;
  basics = builtins.concatMap (lock: lock.data.links) (locks owner data.python basic);
in
if (data.builds or [ ]) != null then
  data
else if wrong == [ ] then
  removeAttrs data [ "builds" ]
else
  data
  // {
    build-links = basics;
    builds = ask {
      sources = map (file: {
        inherit (file) package version name;
        path = download file;
      }) wrong;
      wheels = versions right;
      origin = owner;
      given = map (flag: table.${flag}.package) flags;
      flags = flagsOf;
      basics = versions basics;
    };
  }
