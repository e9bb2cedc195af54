let
  text = import ../text.nix;

  inherit (text) isTextual;
  isVariable =
    value:
    isTextual value || builtins.isInt value || builtins.isBool value || builtins.isList value;

  # What the derivation of a build sets itself.
  reserved = [
    "PATH"
    "args"
    "buildInputs"
    "buildPhase"
    "builder"
    "name"
    "nativeBuildInputs"
    "out"
    "outputs"
    "passAsFile"
    "postInstall"
    "spec"
    "specPath"
    "stdenv"
    "system"
  ];

  derivations =
    where: key: value:
    let
      wrong = builtins.filter (item: !isTextual item) value;
    in
    if wrong == [ ] then
      value
    else
      throw "${where}.${key} has an item of the type ${builtins.typeOf (builtins.head wrong)}, where a derivation is expected, as in `${key} = [ pkgs.zlib ];`.";

  paths =
    where: key: value:
    let
      checked = derivations where key value;
      missing = builtins.filter (item: builtins.isPath item && !builtins.pathExists item) checked;
    in
    if missing == [ ] then
      checked
    else
      throw "${where}.${key}: there is no ${toString (builtins.head missing)}. In a git repository, a flake sees only what git knows: `git add` it.";

  strings =
    where: key: value:
    if builtins.all builtins.isString value then
      value
    else
      throw "${where}.${key} has an item that is no string. It is a list of globs, as in `${key} = [ \"*/tests/*\" ];`.";

  variables =
    where: key: value:
    let
      names = builtins.attrNames value;
      taken = builtins.filter (name: builtins.elem name reserved) names;
      wrong = builtins.filter (name: !isVariable value.${name}) names;
    in
    if taken != [ ] then
      throw "${where}.${key} can't set ${text.enumerate taken}, which the build itself sets. For programs on PATH, write `nativeBuildInputs`."
    else if wrong != [ ] then
      throw "${where}.${key}.${builtins.head wrong} has the type ${builtins.typeOf value.${builtins.head wrong}}. Give a text."
    else
      value;

  checks = {
    buildInputs = derivations;
    env = variables;
    nativeBuildInputs = derivations;
    patches = paths;
    remove = strings;
    runtimeLibraries = derivations;
  };
in
/*
  Return the value of an override's key as it is. Throws for one that Nix could only refuse with a
  message of its own: what is no derivation in a list of those, a patch that isn't there, a variable
  that the build itself sets.

  Type: checkValue :: string -> string -> any -> any

  Example:
    checkValue "wheelhouse: environment \"example\": overrides.docopt" "buildInputs" [ 5 ]
    => error: overrides.docopt.buildInputs has an item of the type int
*/
where: key: value:
if checks ? ${key} then checks.${key} where key value else value
