let
  inherit (import ./options.nix) settings kinds;
  flags = builtins.attrNames (import ../lib/makes/table.nix);
  reference = import ./reference.nix;
  words = import ./words.nix;

  joined = builtins.concatStringsSep "";
  header = ''
    | option | type | default | meaning |
    |---|---|---|---|
  '';

  row =
    path: documented: name: entry:
    let
      type = if entry ? options then entry.type words { } else entry.type words;
      default = entry.defaultText or documented.${name}.default;
      meaning = entry.meaning or documented.${name}.meaning;
      example = if entry ? example then ". Example: `${entry.example}`" else "";
      # An attrset by name has its options one level below.
      inner = "${path}${name}${if name == "projects" then ".<name>" else ""}.";
    in
    "| `${path}${name}` | ${type.one} | ${default} | ${meaning}${example} |\n"
    + (
      if entry ? options then
        rows inner (if entry ? heading then reference entry.heading else { }) entry.options
      else
        ""
    );
  rows =
    path: documented: entries:
    joined (builtins.attrValues (builtins.mapAttrs (row path documented) entries));

  section = name: kind: ''
    ### ${name}

    `perSystem.wheelhouse.${name}.<name>`: ${kind.meaning}. Example: `${name} = ${kind.example};`
    ${
      if kind ? like then "\nAll options of [${kind.like}](#${kind.like}) are options, too${
        if kind.further ? "checks.pytest" then "" else ", but for `checks.pytest`"
      }.\n" else ""
    }
    ${header}${
      rows "" (reference "## ${kind.function}") (
        kind.arguments // (if kind ? like then { } else kind.further)
      )
    }'';
in
/*
  The tables of options in docs/flake-parts.md, as Markdown; scripts/flake-options writes them there.

  Type: page :: string

  Example:
    builtins.substring 0 15 page
    => "`perSystem.whee"
*/
''
  `perSystem.wheelhouse` has options for everything:

  ${header}${rows "" { } settings}
''
+ builtins.concatStringsSep "\n" (
  map (name: section name kinds.${name}) [
    "environments"
    "applications"
    "scripts"
    "shells"
    "images"
  ]
)
+ ''

  The [flags of Makes](makes.md#flags) are options of environments, applications and scripts, too: ${
    builtins.concatStringsSep ", " (map (flag: "`${flag}`") flags)
  }.
''
