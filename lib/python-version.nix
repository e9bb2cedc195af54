/*
  Return the version of an interpreter as a lock names it: two components, and "t" for a free-threaded
  build, whose `pythonVersion` is that of the ordinary one but whose folders carry the letter.

  Type: pythonVersion :: derivation -> string

  Example:
    pythonVersion pkgs.python313FreeThreading
    => "3.13t"
*/
python:
let
  inFolder = builtins.match "lib/python([0-9]+\\.[0-9]+t)/.*" (python.sitePackages or "");
in
if inFolder == null then python.pythonVersion else builtins.head inFolder
