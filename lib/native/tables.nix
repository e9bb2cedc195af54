let
  read = name: builtins.fromJSON (builtins.readFile (../../native + "/${name}.json"));
in
/*
  The tables of native/, as attribute paths of the package set by name. Each is read where it is
  used.

  Type: tables :: { cmake, headers, linked, pkg-config, programs, sonames :: attrs }

  Example:
    tables.sonames."libzstd.so"
    => "zstd"
*/
{
  cmake = read "cmake";
  headers = read "headers";
  linked = read "linked";
  pkg-config = read "pkg-config";
  programs = read "programs";
  sonames = read "sonames";
}
