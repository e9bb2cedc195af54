let
  text = import ./text.nix;
in
/*
  One of the project's Python packages in the store, by itself: an edit elsewhere, or of what isn't
  the program's, changes no derivation. The result is the folder that contains the package.

  Type: program :: string -> path

  Example:
    "${program "lock"}/lock/foreign/derivation.py"
    => "/nix/store/…-lock-program/lock/foreign/derivation.py"
*/
name:
builtins.path {
  name = "${name}-program";
  path = ../.;
  filter =
    file: type:
    let
      relative = builtins.substring (builtins.stringLength (toString ../.) + 1) (-1) file;
    in
    if type == "directory" then
      baseNameOf file != "__pycache__" && (relative == name || text.hasPrefix "${name}/" relative)
    else
      text.hasPrefix "${name}/" relative && text.hasSuffix ".py" relative;
}
