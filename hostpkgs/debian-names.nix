# Names and versions of Debian's packages, as a store path may have them.
seeds: {
  # Type: String -> String
  # Example: storeName "libmd0-1.0~rc1" => "libmd0-1.0-rc1"
  storeName = builtins.replaceStrings [ "~" ":" ] [ "-" "-" ];

  # A package's version without Debian's epoch.
  #
  # Type: String -> String
  # Example: version "zlib1g" => "1.2.13.dfsg-1"
  version =
    name:
    let
      full = seeds.debian.packages.${name}.version;
      epoch = builtins.match "[0-9]+:(.*)" full;
    in
    if epoch == null then full else builtins.head epoch;
}
