# The types of modules/options.nix in the words of docs/reference.md, which need no library.
let
  join = first: second: {
    one = "${first.one} or ${second.one}";
    many = "${first.many} or ${second.many}";
  };
  regular = word: {
    one = word;
    many = "${word}s";
  };
in
/*
  Return the types that modules/options.nix names as words, alone and of several.

  Type: words :: { <name> = { one, many :: string } | … -> { one, many :: string } }

  Example:
    (words.listOf words.str).one
    => "list of strings"
*/
{
  bool = regular "bool";
  data = regular "attrset";
  flake = regular "flake";
  function = regular "function";
  int = regular "int";
  number = regular "number";
  package = regular "derivation";
  path = regular "path";
  raw = regular "value";
  str = regular "string";
  overrides = regular "attrset, function or list";
  searchPaths = regular "attrset";

  attrsOf = _type: regular "attrset";
  check = _options: regular "bool or attrset";
  either = join;
  enum = _values: regular "string";
  listOf =
    type: if type.one == "value" then regular "list" else regular "list of ${type.many}";
  optional = type: type;
  submodule = _options: regular "attrset";
}
