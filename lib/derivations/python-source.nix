let
  text = import ../text.nix;

  suffixes = [
    ".py"
    ".json"
  ];

  isBelow = name: text.hasPrefix "${name}/";
in
/*
  Put Python packages of the project into the store by themselves: an edit elsewhere, or of files
  that are neither Python nor tables, changes no derivation. The result is the folder that contains
  the packages; the first one gives it its name.

  Type: pythonSource :: [string] -> path

  Example:
    pythonSource [ "lock" ]
    => "/nix/store/…-lock-program"
*/
names:
builtins.path {
  name = "${builtins.head names}-program";
  path = ../..;
  filter =
    file: type:
    let
      relative = builtins.substring (builtins.stringLength (toString ../..) + 1) (-1) file;
    in
    if type == "directory" then
      baseNameOf file != "__pycache__" && builtins.any (name: isBelow name "${relative}/") names
    else
      builtins.any (suffix: text.hasSuffix suffix relative) suffixes
      && builtins.any (name: isBelow name relative) names;
}
