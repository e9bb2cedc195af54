let
  supportsSystem = import ../sources/supports-system.nix;

  # What a wheel has in the index; in the store it is three to five times as much.
  large = 1024 * 1024;
  # With the layers for the interpreter, libraries and the application, and 16 of small packages,
  # an image has 83 at most. Overlays of containers end at 127, and an image may be the base of others.
  mostLarge = 64;

  take =
    count: items:
    if builtins.length items <= count then items else builtins.genList (builtins.elemAt items) count;
in
/*
  Group packages to layers of an image: large ones alone, small ones together by a hash of their name,
  so that a package that comes, goes or changes moves no other one. The sizes are those of the files in
  the lock; where it has none, a package counts as large.

  Type: layers :: {
    packages :: { <package> = derivation }, with `pname` and `version`;
    links    :: [{ package, systems, size }], the files of a lock;
    target   :: string, the system as locks name it;
  } -> [{ name :: string, of the layer in the store; title :: string; paths :: [derivation] }]

  Example:
    layers { packages = { idna = { pname = "idna"; version = "3.10"; }; }; links = [ ]; target = "x86_64-linux"; }
    => [ { name = "image-packages-d"; paths = [ { pname = "idna"; version = "3.10"; } ]; title = "idna 3.10"; } ]
*/
{
  packages,
  links,
  target,
}:
let
  names = builtins.attrNames packages;
  # Unknown ones come first, as if they were largest.
  sizeOf =
    let
      known = builtins.listToAttrs (
        map (file: {
          name = file.package;
          value = file.size or null;
        }) (builtins.filter (supportsSystem target) links)
      );
    in
    # A package of nixpkgs has no file: it is a folder of links.
    name: known.${name} or 0;
  isLarge = name: sizeOf name == null || sizeOf name >= large;
  bySize = builtins.sort (
    first: second:
    sizeOf second != null && (sizeOf first == null || sizeOf first > sizeOf second)
  ) (builtins.filter isLarge names);
  alone = builtins.sort builtins.lessThan (take mostLarge bySize);
  together = builtins.groupBy (name: builtins.substring 0 1 (builtins.hashString "sha256" name)) (
    builtins.filter (name: !(builtins.elem name alone)) names
  );
  layer =
    name: members:
    let
      paths = map (member: packages.${member}) members;
    in
    {
      inherit name;
      title = builtins.concatStringsSep ", " (
        map (package: "${package.pname} ${package.version}") paths
      );
      inherit paths;
    };
in
map (name: layer "image-package-${name}" [ name ]) alone
++ map (key: layer "image-packages-${key}" together.${key}) (builtins.attrNames together)
