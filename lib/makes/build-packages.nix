let
  flagLocks = import ./locks.nix;
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
  Return a function that adds the distributions of flags to a build's packages: a distribution that a
  flag names replaces another version, its dependencies are added where they are missing.

  Type: mergeFlagPackages :: {
    context   :: string, the environment, named in errors;
    toolchain :: the record;
    python    :: string, the version;
    flags     :: [string], of lib/makes/table.nix;
    packages  :: attrs -> { <file name> = derivation }, makes a lock's distributions;
  } -> [derivation] -> [derivation]

  Example:
    map (package: "${package.pname} ${package.version}") (mergeFlagPackages {
      context = "environment \"example\"";
      inherit toolchain;
      python = "3.8";
      flags = [ "withWheel_0_37_0" ];
      packages = packagesByFile;
    } [ { pname = "wheel"; version = "0.45.1"; } ])
    => [ "wheel 0.37.0" ]
*/
{
  context,
  toolchain,
  python,
  flags,
  packages,
}:
let
  packagesOf =
    { package, data }:
    let
      distributions = packages data;
      all = byName (
        map (file: distributions.${file.name}) (select {
          context = "${context}: the flag for ${package}";
          inherit data;
          system = toolchain.target;
          inherit (toolchain) floor;
        })
      );
    in
    {
      named.${package} = all.${package};
      # Its own requirements: an older setuptools, without which it doesn't work.
      required = builtins.listToAttrs (
        map (name: {
          inherit name;
          value = all.${name};
        }) data.groups.default
      );
      inherit all;
    };
  locked = map packagesOf (flagLocks context python flags);
  merge = key: builtins.foldl' (sum: item: sum // item.${key}) { } locked;
  replacing = merge "required" // merge "named";
  missing = merge "all";
in
if flags == [ ] then
  given: given
else
  given: builtins.attrValues (missing // byName given // replacing)
