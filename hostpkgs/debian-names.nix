# Names and versions of Debian's packages, as a store path may have them.
seeds:
let
  version =
    name:
    let
      full = seeds.debian.packages.${name}.version;
      epoch = builtins.match "[0-9]+:(.*)" full;
    in
    if epoch == null then full else builtins.head epoch;
in
{
  # Type: String -> String
  # Example: storeName "libmd0-1.0~rc1" => "libmd0-1.0-rc1"
  storeName = builtins.replaceStrings [ "~" ":" ] [ "-" "-" ];

  # A package's version without Debian's epoch.
  #
  # Type: String -> String
  # Example: version "zlib1g" => "1.2.13.dfsg-1"
  inherit version;

  # The version of what a package was made of, without Debian's revision and repacking.
  #
  # Type: String -> String
  # Example: upstream "libtcl8.6" => "8.6.13"
  upstream =
    name:
    let
      revised = builtins.match "(.*)-[^-]*" (version name);
      native = if revised == null then version name else builtins.head revised;
    in
    builtins.replaceStrings [ "~" ] [ "" ] (builtins.head (builtins.match "([^+]*).*" native));
}
