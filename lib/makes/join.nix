let
  locks = import ./locks.nix;
  select = import ../sources/select.nix;

  byName =
    packages:
    builtins.listToAttrs (
      map (package: {
        name = package.pname;
        value = package;
      }) packages
    );
in
/*
  What flags do to the environment of each build: the distributions that they name take the place
  of other versions, what those depend on fills in.

  Type: join :: {
    owner     :: string, named in errors;
    toolchain :: the record;
    python    :: string, the version;
    flags     :: [string], of lib/makes/table.nix;
    packages  :: attrs -> { <file name> = derivation }, makes a lock's distributions;
  } -> [derivation] -> [derivation]

  Example:
    join { flags = [ "withWheel_0_37_0" ]; … } [ setuptools wheel-0_45_1 ]
    => [ setuptools wheel-0_37_0 ]
*/
{
  owner,
  toolchain,
  python,
  flags,
  packages,
}:
let
  joinOne =
    { package, data }:
    let
      distributions = packages data;
      all = byName (
        map (file: distributions.${file.name}) (select {
          owner = "${owner}: the flag for ${package}";
          inherit data;
          system = toolchain.target;
          inherit (toolchain) floor;
        })
      );
    in
    {
      named.${package} = all.${package};
      # With it: an older setuptools, without which it doesn't work.
      asked = builtins.listToAttrs (
        map (name: {
          inherit name;
          value = all.${name};
        }) data.groups.default
      );
      inherit all;
    };
  joined = map joinOne (locks owner python flags);
  merge = key: builtins.foldl' (sum: item: sum // item.${key}) { } joined;
  first = merge "asked" // merge "named";
  last = merge "all";
in
if flags == [ ] then
  found: found
else
  found: builtins.attrValues (last // byName found // first)
