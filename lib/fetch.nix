let
  text = import ./text.nix;
in
/*
  The download of one file of a lock: Nix' built-in fetcher, which needs no program of nixpkgs and
  honours `netrc-file` and `ssl-cert-file`.

  Type: fetch :: { url :: string, sha256 :: string, name :: string, ... } -> derivation

  Example:
    fetch { name = "idna-3.10-py3-none-any.whl"; url = "https://…"; sha256 = "15g1…"; }
    => «derivation /nix/store/…-idna-3.10-py3-none-any.whl.drv»
*/
{
  name,
  url,
  sha256,
  ...
}:
import <nix/fetchurl.nix> {
  inherit url sha256;
  name = text.storeName name;
}
