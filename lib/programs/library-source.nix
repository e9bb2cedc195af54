let
  text = import ../text.nix;

  folders = [
    "builder"
    "lib"
    # Another tool's lock is converted, and `htmlReport` reads locks, by code of these.
    "lock"
    "native"
    "report"
    "runtime"
  ];
in
/*
  The files that evaluating the library and building with it take, and nothing else: an edit of
  documents or tests changes no program that builds.

  Type: librarySource :: path

  Example:
    librarySource
    => "/nix/store/…-wheelhouse-library"
*/
builtins.path {
  name = "wheelhouse-library";
  path = ../..;
  filter =
    file: _type:
    let
      relative = builtins.substring (builtins.stringLength (toString ../..) + 1) (-1) file;
    in
    baseNameOf file != "__pycache__"
    && (
      relative == "default.nix"
      || builtins.any (folder: text.hasPrefix "${folder}/" "${relative}/") folders
    );
}
