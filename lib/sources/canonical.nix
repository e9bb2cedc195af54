# Reads the styles of sources.yaml that `lock` has written (docs/sources-yaml.md), in pure evaluation.
let
  faultOf = import ./json-fault.nix;
  lines = import ./lines.nix;
  text = import ../text.nix;

  # The number in the first line; null where it has none.
  numberOf =
    content:
    let
      found = builtins.match "([{]\"wheelhouse\"|wheelhouse): ([0-9]+)([,} \n\r].*)?" (
        builtins.substring 0 40 content
      );
    in
    if found == null then null else builtins.elemAt found 1;

  # An error's context is evaluated where there is an error only; one that throws replaces it.
  json =
    file: content:
    builtins.addErrorContext (throw "wheelhouse: ${file}${faultOf content}") (
      builtins.fromJSON content
    );

  isJson = text.hasPrefix "{";
in
{
  /*
    Return whether a text claims to be in a style that `lock` has written, of any format.

    Type: isCanonical :: string -> bool

    Example:
      isCanonical "{\"wheelhouse\": 2,\n\"python\": \"3.11\"\n}\n"
      => true
  */
  isCanonical =
    content: text.hasPrefix "{\"wheelhouse\": " content || text.hasPrefix "wheelhouse: " content;

  /*
    Parse a text in the style of format 2, which is JSON, or in that of format 1. Throws, with the
    file's name and the line, for another text. Of a newer format, only the number is returned.

    Type: parse :: string -> string -> attrs

    Example:
      parse "sources.yaml" "{\"wheelhouse\": 2,\n\"python\": \"3.11\"\n}\n"
      => { wheelhouse = 2; python = "3.11"; }
  */
  parse =
    file: content:
    let
      number = numberOf content;
    in
    # A newer format may have what can't be read here.
    if number != null && number != "1" && number != "2" then
      { wheelhouse = number; }
    else if isJson content then
      json file content
    else
      lines.parse file content;
}
