let
  text = import ../text.nix;
in
/*
  Return the lines of a shell that find the folder of the user's flake, from the shell's folder
  upwards, so that each checkout has its own; WHEELHOUSE_TOP names it where a shell is entered
  elsewhere. There they name the working trees of editable projects, and renew the writable overlay.

  Type: workingTree :: {
    environment :: derivation;
    editable    :: { <project> = string };
    overlay     :: string | null;
  } -> string

  Example:
    workingTree { environment = env; editable = { }; overlay = null; }
    => ""
*/
{
  environment,
  editable,
  overlay,
}:
let
  names = builtins.attrNames editable;
  isProject =
    path:
    ''{ [ -e "$1"/${text.shellWord path}/pyproject.toml ] || [ -e "$1"/${text.shellWord path}/setup.py ]; } || return 1'';
  line = name: "${name}=$_wheelhouse_top/${editable.${name}}";
  what =
    if names == [ ] then "the overlay" else "a working tree of ${builtins.concatStringsSep ", " names}";

  editableLines =
    if names == [ ] then
      ""
    else
      ''
        export WHEELHOUSE_EDITABLE="${builtins.concatStringsSep ":" (map line names)}"
      '';

  overlayLines =
    if overlay == null then
      ""
    else
      ''
        if "${environment}/bin/python" -IS ${../../runtime/overlay.py} ${environment} "$_wheelhouse_top/"${text.shellWord overlay}; then
          export VIRTUAL_ENV="$_wheelhouse_top/"${text.shellWord overlay}
          PATH=$VIRTUAL_ENV/bin:$PATH
          export UV_PROJECT_ENVIRONMENT=$VIRTUAL_ENV UV_PYTHON=$VIRTUAL_ENV/bin/python
        fi
      '';
in
if names == [ ] && overlay == null then
  ""
else
  ''
    _wheelhouse_is_top() {
      ${builtins.concatStringsSep "\n  " (map (name: isProject editable.${name}) names)}
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
      ${editableLines + overlayLines}
    else
      unset WHEELHOUSE_EDITABLE
      echo "wheelhouse: ${what} isn't found from $_wheelhouse_top upwards, so the built modules are used; enter the shell inside of it, or set WHEELHOUSE_TOP to the folder of its flake.nix" >&2
    fi
    unset -f _wheelhouse_is_top
    unset _wheelhouse_top
  ''
