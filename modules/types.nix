/*
  Return the types of options that modules/options.nix names, of nixpkgs' library.

  Type: types :: lib -> { <name> = optionType | … -> optionType }

  Example:
    ((types lib).optional (types lib).flake).description
    => "null or flake"
*/
lib:
let
  inherit (lib) types;
  # A value of which there is one definition, and which the library itself looks into.
  whole =
    name: check:
    lib.mkOptionType {
      inherit name check;
      description = name;
      descriptionClass = "noun";
      merge = lib.mergeOneOption;
    };
in
{
  inherit (types)
    attrsOf
    bool
    either
    enum
    int
    listOf
    number
    package
    path
    raw
    str
    ;
  data = whole "attrset" builtins.isAttrs;
  flake = whole "flake" builtins.isAttrs;
  function = whole "function" lib.isFunction;

  # What several modules say of one list is joined, and so are lists of search paths.
  searchPaths = types.attrsOf (types.either types.bool (types.listOf types.raw));
  overrides = types.coercedTo (types.either (types.attrsOf types.raw) (
    types.functionTo types.raw
  )) (change: [ change ]) (types.listOf types.raw);

  # `null` where it isn't set: the library's own default holds.
  optional = types.nullOr;
  submodule = options: types.submodule { inherit options; };
  # `true` for a check with nothing further to say about it.
  check =
    options:
    types.coercedTo types.bool (enable: { inherit enable; }) (types.submodule { inherit options; });
}
