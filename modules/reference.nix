let
  text = import ../lib/text.nix;
  document = builtins.readFile ../docs/reference.md;

  # What follows the first place where a pattern fits.
  after =
    context: pattern: string:
    let
      parts = builtins.split pattern string;
    in
    if builtins.length parts < 3 then
      throw "wheelhouse: docs/reference.md has no ${context}."
    else
      builtins.concatStringsSep "\n" (
        builtins.filter builtins.isString (
          builtins.genList (index: builtins.elemAt parts (index + 2)) (builtins.length parts - 2)
        )
      );

  cells =
    row:
    builtins.filter builtins.isString (
      builtins.split " ?\\| ?" (builtins.substring 2 (builtins.stringLength row - 4) row)
    );
in
/*
  Return what docs/reference.md says below a heading of its arguments: the columns of the first
  table there. Where the table has no column for a default, it is empty.

  Type: reference :: string -> { <argument> = { type, default, meaning :: string } }

  Example:
    (reference "## makeShell").overlay.meaning
    => "the folder of a writable environment on top, such as `\".venv\"`"
*/
heading:
let
  section = after "section \"${heading}\"" "\n${heading}\n" document;
  table = after "table below \"${heading}\"" "\n[|]---[-|]*\n" section;
  rows = text.lines (builtins.head (builtins.split "\n\n" table));
in
builtins.listToAttrs (
  map (
    row:
    let
      columns = cells row;
      at = builtins.elemAt columns;
      count = builtins.length columns;
      name = builtins.replaceStrings [ "`" ] [ "" ] (at 0);
    in
    {
      inherit name;
      value = {
        type = at 1;
        default = if count > 3 then at 2 else "";
        meaning = builtins.replaceStrings [ "](#" ] [ "](reference.md#" ] (at (count - 1));
      };
    }
  ) rows
)
