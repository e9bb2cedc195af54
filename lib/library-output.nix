/*
  Return the output of a package that has its libraries: in nixpkgs, `pkgs.openssl` has the programs,
  and `pkgs.openssl.out` the libraries. Anything else is returned as it is.

  Type: libraryOutput :: derivation | path | string -> derivation | path | string

  Example:
    libraryOutput pkgs.openssl
    => pkgs.openssl.out
*/
item: if builtins.isAttrs item then item.lib or item.out or item else item
