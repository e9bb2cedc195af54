let
  text = import ../text.nix;
in
/*
  Put one of the project's Python packages into the store by itself: an edit elsewhere, or of files
  that aren't Python, changes no derivation. The result is the folder that contains the package.

  Type: pythonSource :: string -> path

  Example:
    pythonSource "lock"
    => "/nix/store/…-lock-program"
*/
name:
builtins.path {
  name = "${name}-program";
  path = ../..;
  filter =
    file: type:
    let
      relative = builtins.substring (builtins.stringLength (toString ../..) + 1) (-1) file;
    in
    if type == "directory" then
      baseNameOf file != "__pycache__" && (relative == name || text.hasPrefix "${name}/" relative)
    else
      text.hasPrefix "${name}/" relative && text.hasSuffix ".py" relative;
}
