let
  text = import ../text.nix;
in
/*
  Return the lines of a shell that name the working trees of editable projects. They are looked for
  from the shell's folder upwards, so that each checkout has its own; WHEELHOUSE_TOP names the
  folder that they are seen from, where a shell is entered elsewhere.

  Type: editable :: { <project> = string } -> string

  Example:
    editable { }
    => ""
*/
projects:
let
  names = builtins.attrNames projects;
  isProject = path: ''{ [ -e "$1"/${text.shellWord path}/pyproject.toml ] || [ -e "$1"/${text.shellWord path}/setup.py ]; }'';
  line = name: "${name}=$_wheelhouse_top/${projects.${name}}";
in
if projects == { } then
  ""
else
  ''
    _wheelhouse_is_top() {
      ${builtins.concatStringsSep " &&\n  " (map (name: isProject projects.${name}) names)} || return 1
      [ -n "''${WHEELHOUSE_TOP-}" ] || [ -e "$1/flake.nix" ] || [ -e "$1/shell.nix" ] ||
        [ -e "$1/default.nix" ] || [ -e "$1/.git" ]
    }
    _wheelhouse_top=''${WHEELHOUSE_TOP-$PWD}
    while ! _wheelhouse_is_top "$_wheelhouse_top" && [ "$_wheelhouse_top" != / ] &&
      [ -z "''${WHEELHOUSE_TOP-}" ]; do
      _wheelhouse_top=''${_wheelhouse_top%/*}
      _wheelhouse_top=''${_wheelhouse_top:-/}
    done
    if _wheelhouse_is_top "$_wheelhouse_top"; then
      export WHEELHOUSE_EDITABLE="${builtins.concatStringsSep "\n" (map line names)}"
    else
      unset WHEELHOUSE_EDITABLE
      echo "wheelhouse: no working tree of ${builtins.concatStringsSep ", " names} is found from $_wheelhouse_top upwards, so the built modules are used; enter the shell inside of it, or set WHEELHOUSE_TOP to the folder of its flake.nix" >&2
    fi
    unset -f _wheelhouse_is_top
    unset _wheelhouse_top
  ''
