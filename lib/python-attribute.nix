/*
  Return nixpkgs' attribute of the interpreter of a version; null for what is no version.

  Type: pythonAttribute :: string -> string | null

  Example:
    pythonAttribute "3.13t"
    => "python313FreeThreading"
*/
version:
let
  parts = builtins.match "([0-9]+)\\.([0-9]+)(t?)" version;
  at = builtins.elemAt parts;
in
if parts == null then
  null
else
  "python${at 0}${at 1}${if at 2 == "t" then "FreeThreading" else ""}"
