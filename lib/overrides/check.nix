let
  checkValue = import ./values.nix;
  keys = import ./keys.nix;
  nearNames = import ../near-names.nix;
  text = import ../text.nix;

  suggestion =
    name: names:
    let
      near = nearNames name names;
    in
    if near == [ ] then "" else " Did you mean ${text.enumerate near}?";

  unknownPackage =
    context: kinds: name:
    let
      normalized = text.normalizedName name;
    in
    throw "wheelhouse: ${context}: overrides.${name} has no effect: the lock has no package \"${name}\".${
      if kinds ? ${normalized} then
        " Write its normalized name, \"${normalized}\"."
      else
        suggestion normalized (builtins.attrNames kinds)
    }";

  # What to do instead of a key that has no effect on a package of these kinds.
  advice =
    python: name: key: kinds:
    if key == "version" then
      "it is the version of `source` or `package`. Give one of those, or another version in the requirements and lock again."
    else if key == "nativeLibraries" then
      "the lock's `native` doesn't name ${name}, so it is given nothing. Leave the key out."
    else if builtins.elem "build" kinds then
      "only builds use ${name}, and the lock has it as a wheel. Leave the key out."
    else if builtins.elem "project" kinds then
      "${name} is a project, which is built of its folder. Give another folder as `projects.${name}.source`."
    else if builtins.elem "nixpkgs" kinds then
      "${name} comes from the package set. Change it there, as in `overrides.${name}.package = pkgs.${python}.pkgs.${name}.overrideAttrs (old: { … });`."
    else if key == "package" then
      "the lock has a file of ${name}. Write `${name}: {from: nixpkgs}` in requirements.yaml and lock again, or give another file of it as `source`."
    else if key == "buildInputs" then
      "the lock has ${name} as a wheel without native code, so nothing looks for libraries. For libraries that it opens by name, write `runtimeLibraries`."
    else
      "the lock has ${name} as a wheel, and only the build of a source distribution uses it. Write `${name}: {version: \"…\", prefer-sdist: true}` in requirements.yaml and lock again, or leave it out.";

  checkPackage =
    context: python: kinds: name: override:
    let
      own = kinds.${name};
      where = "wheelhouse: ${context}: overrides.${name}";
      given = builtins.attrNames override;
      isFile = !(builtins.elem "nixpkgs" own || builtins.elem "project" own);
      # Of the environment's programs.
      atRunTime = [
        "runtimeLibraries"
        "variables"
      ];
      unknown = builtins.filter (key: !(keys ? ${key})) given;
      # Another source may be of any kind; what it is shows when it is used.
      hasEffect =
        key:
        !(builtins.elem "build" own && builtins.elem key atRunTime)
        && reaches key;
      reaches =
        key:
        (override ? source && isFile && builtins.elem "sdist" keys.${key}.kinds)
        || builtins.any (kind: builtins.elem kind own) keys.${key}.kinds
        || builtins.any (other: override ? ${other}) keys.${key}.beside;
      useless = builtins.filter (key: !(hasEffect key)) given;
      # Looked at when it is used: a value may be made of finished packages.
      ofType =
        key: value:
        if keys.${key} ? type && builtins.typeOf value != keys.${key}.type then
          throw "${where}.${key} has the type ${builtins.typeOf value}, but it must be a ${keys.${key}.type}. See docs/overrides.md for an example."
        else
          checkValue where key value;
    in
    if !(kinds ? ${name}) then
      unknownPackage context kinds name
    else if unknown != [ ] then
      throw "${where} has no key ${text.enumerate unknown}. It knows ${text.enumerate (builtins.attrNames keys)}.${
        suggestion (builtins.head unknown) (builtins.attrNames keys)
      }"
    else if useless != [ ] then
      throw "${where}.${builtins.head useless} has no effect: ${advice python name (builtins.head useless) own}"
    else
      builtins.mapAttrs ofType override;
in
/*
  Return overrides as they are. Throws for a package that the lock has for no system, naming near
  ones, for a key that overrides don't have, and for one that changes nothing of its package.

  Type: check :: {
    context   :: string, the environment, named in errors;
    python    :: string, the attribute of the interpreter in nixpkgs;
    kinds     :: { <package> = [string] }, of lib/overrides/kinds.nix;
    overrides :: { <package> = attrs };
  } -> { <package> = attrs }

  Example:
    check {
      context = "environment \"example\"";
      python = "python312";
      kinds = { django = [ "pure" ]; };
      overrides = { djago.patches = [ ]; };
    }
    => error: overrides.djago has no effect: the lock has no package "djago". Did you mean "django"?
*/
{
  context,
  python,
  kinds,
  overrides,
}:
let
  checked = builtins.mapAttrs (checkPackage context python kinds) overrides;
in
# One that nothing installs is to be wrong as well.
builtins.foldl' (found: name: builtins.seq checked.${name} found) checked (
  builtins.attrNames overrides
)
