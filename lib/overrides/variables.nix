let
  text = import ../text.nix;

  inherit (text) isTextual;

  # A text as it is; each item of a list, with what the variable needs of a derivation written out.
  valueOf =
    where: variable: value:
    if builtins.isList value && builtins.all isTextual value then
      map (part: "${part}") value
    else if isTextual value then
      "${value}"
    else
      throw "${where}.variables.${variable} has the type ${
        if builtins.isList value then "list, with an item that is no text" else builtins.typeOf value
      }. Give a text, which replaces the variable, or a list of texts, which stand before its value.";
in
/*
  Return the environment variables that overrides give to some packages: those that are lists are
  joined, in the order of the packages' names.

  Type: variables :: {
    context   :: string, the environment, named in errors;
    overrides :: { <package> = { variables, … } }, checked;
    names     :: [string], of the installed packages;
  } -> { <variable> = string | [string] }

  Example:
    variables {
      context = "environment \"example\"";
      overrides.pygobject.variables.GI_TYPELIB_PATH = [ "/gtk/lib/girepository-1.0" ];
      names = [ "pygobject" ];
    }
    => { GI_TYPELIB_PATH = [ "/gtk/lib/girepository-1.0" ]; }
*/
{
  context,
  overrides,
  names,
}:
let
  having = builtins.filter (name: builtins.elem name names && overrides.${name} ? variables) (
    builtins.attrNames overrides
  );
  add =
    found: name:
    let
      where = "wheelhouse: ${context}: overrides.${name}";
      own = builtins.mapAttrs (valueOf where) overrides.${name}.variables;
      clashes = builtins.filter (
        variable:
        found ? ${variable}
        && found.${variable} != own.${variable}
        && !(builtins.isList found.${variable} && builtins.isList own.${variable})
      ) (builtins.attrNames own);
      # The interpreter and the loader have read them before anything could set them.
      tooLate = builtins.filter (variable: builtins.match "(PYTHON|LD_).*" variable != null) (
        builtins.attrNames own
      );
      invalid = builtins.filter (variable: builtins.match "[A-Za-z_][A-Za-z0-9_]*" variable == null) (
        builtins.attrNames own
      );
    in
    if invalid != [ ] then
      throw "${where}.variables: ${text.enumerate invalid} can't be the name of a variable."
    else if tooLate != [ ] then
      throw "${where}.variables can't set ${text.enumerate tooLate}, which a program reads before it starts. For libraries that are opened by name, write `runtimeLibraries`; for shells, `searchPathsRuntime`."
    else if clashes != [ ] then
      throw "${where}.variables.${builtins.head clashes} is another value than a package before it gives. Give lists, or one value."
    else
      found
      // builtins.mapAttrs (
        variable: value:
        if builtins.isList value && found ? ${variable} then found.${variable} ++ value else value
      ) own;
in
let
  found = builtins.foldl' add { } having;
in
# An empty list stands before nothing.
removeAttrs found (builtins.filter (variable: found.${variable} == [ ]) (builtins.attrNames found))
