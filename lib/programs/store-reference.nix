/*
  Return a path as a string that keeps the store path that it lies in. Interpolating the path would
  copy it, and nixpkgs is large. A path outside of the store stays as it is.

  Type: storeReference :: path -> string

  Example:
    storeReference /home/user/nixpkgs
    => "/home/user/nixpkgs"
*/
path:
let
  place = toString path;
  found = builtins.match "(${builtins.storeDir}/[^/]+).*" place;
in
if found == null then
  place
else
  builtins.appendContext place { ${builtins.head found}.path = true; }
