let
  text = import ../text.nix;

  # What no build needs; most of it changes without the package's changing.
  ignored = [
    ".git"
    ".venv"
    "__pycache__"
    "node_modules"
  ];
in
/*
  Copy a file or a folder that a package is made of into the store, without what no build needs.

  Type: copiedPath :: string -> path -> path

  Example:
    copiedPath "demo-1.0" ./.
    => "/nix/store/…-demo-1.0"
*/
name: path:
builtins.path {
  name = text.storeName name;
  inherit path;
  filter = path: _type: !builtins.elem (baseNameOf path) ignored;
}
