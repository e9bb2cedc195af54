let
  text = import ../text.nix;
  inherit (import ./search-paths.nix) shell;
in
/*
  Return the text of an environment's `template`, the file that a shell sources. It works in bash, zsh
  and any POSIX shell, under `set -euo pipefail` too; sourcing it again moves the environment back to
  the front and adds nothing twice.

  Type: template :: {
    name        :: string, of the environment, for errors;
    prefix      :: string, the environment's path;
    python      :: { version, sitePackages :: string };
    searchPaths :: attrs;
    variables   :: { <variable> = string | [string] }, lists stand before the variable's value;
  } -> string

  Example:
    template {
      name = "example";
      prefix = "/nix/store/…-example";
      python = { version = "3.11"; sitePackages = "lib/python3.11/site-packages"; };
    }
    => "# Source this file…"
*/
{
  name,
  prefix,
  python,
  searchPaths ? { },
  variables ? { },
}:
let
  variableLines = builtins.concatStringsSep "" (
    map (
      variable:
      let
        value = variables.${variable};
      in
      if builtins.isList value then
        "_wheelhouse_prepend ${variable} ${text.shellWord (builtins.concatStringsSep ":" value)}\n"
      else
        "export ${variable}=${text.shellWord value}\n"
    ) (builtins.attrNames variables)
  );
  # Environments of one Python that are sourced one after another see each other's packages.
  siteVariable = "WHEELHOUSE_SITE_${builtins.replaceStrings [ "." ] [ "_" ] python.version}";
  lines = shell name searchPaths;
in
''
  # Source this file: `source ${prefix}/template`.
  ${lines.before}${lines.define}${lines.after}${variableLines}_wheelhouse_prepend ${siteVariable} ${text.shellWord "${prefix}/${python.sitePackages}"}
  _wheelhouse_prepend PATH ${text.shellWord "${prefix}/bin"}
  export VIRTUAL_ENV=${text.shellWord prefix}
  unset PYTHONHOME
  # The shell remembers where it found python before.
  hash -r 2>/dev/null || true
  ${lines.forget}''
