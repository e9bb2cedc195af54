# The packages of this machine's own system. Nothing is copied or downloaded before it is used.
{ seeds, system }:
let
  bootstrap = import ./bootstrap.nix { inherit seeds; };
  inherit (bootstrap) glibc patchelf python;
in
import ./debian.nix {
  inherit bootstrap seeds glibc;
}
// {
  inherit python glibc patchelf;
  uv = bootstrap.binary system "uv";
}
