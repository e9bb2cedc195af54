/*
  What the pages of the reference take from Nix code.

  Type: tables :: { programs, overrides, searchPaths :: attrs }

  Example:
    tables.searchPaths.bin.variable
    => "PATH"
*/
{
  programs = import ../../lib/programs/table.nix;
  overrides = import ../../lib/overrides/keys.nix;
  searchPaths = (import ../../lib/shell/search-paths.nix).keys;
}
