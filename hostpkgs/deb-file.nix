# The .deb file of a package, downloaded when something needs it.
#
# Type: { seeds, fetchurl } -> String -> Derivation
# Example: import ./deb-file.nix { inherit seeds fetchurl; } "zlib1g"
{ seeds, fetchurl }:
name:
let
  inherit (import ./debian-names.nix seeds) storeName version;
in
fetchurl {
  inherit (seeds.debian.packages.${name}) url sha256;
  name = storeName "${name}-${version name}.deb";
}
