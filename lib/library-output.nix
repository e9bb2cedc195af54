/*
  The output of a package that has its libraries, as nixpkgs splits packages: `pkgs.openssl` is its
  programs, and the libraries lie elsewhere. Anything else is what it is.

  Type: libraryOutput :: derivation | path | string -> derivation | path | string

  Example:
    libraryOutput pkgs.openssl
    => pkgs.openssl.out
*/
item: if builtins.isAttrs item then item.lib or item.out or item else item
