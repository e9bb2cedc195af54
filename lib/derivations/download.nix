let
  # Nix reads this expression again wherever it is imported.
  fetchurl = import <nix/fetchurl.nix>;
  text = import ../text.nix;
in
/*
  Download one file of a lock by Nix' built-in fetcher, which needs no program of nixpkgs and honours
  `netrc-file` and `ssl-cert-file`.

  Type: download :: { url :: string, sha256 :: string, name :: string, ... } -> derivation

  Example:
    download { name = "idna-3.10-py3-none-any.whl"; url = "https://index.example/idna.whl"; sha256 = sha256; }
    => «derivation /nix/store/…-idna-3.10-py3-none-any.whl.drv»
*/
{
  name,
  url,
  sha256,
  ...
}:
fetchurl {
  inherit url sha256;
  name = text.storeName name;
}
