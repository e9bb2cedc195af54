/*
  Return overrides as one attrset by package. Of a list, the later ones replace the earlier ones key
  by key. A function gets the finished packages, and the overrides before it with an attrset for each
  package.

  Type: compose :: {
    context   :: string, the environment, named in errors;
    overrides :: attrs | (attrs -> attrs -> attrs) | [attrs | function];
    final     :: { <package> = derivation };
    packages  :: attrs, whose names are those of all packages of the lock;
  } -> { <package> = attrs }

  Example:
    compose {
      context = "environment \"example\"";
      final = { };
      packages = { idna = [ "pure" ]; };
      overrides = [
        { idna.remove = [ "*.txt" ]; }
        (final: prev: { idna.remove = prev.idna.remove ++ [ "*.md" ]; })
      ];
    }
    => { idna = { remove = [ "*.txt" "*.md" ]; }; }
*/
{
  context,
  overrides,
  final,
  packages,
}:
let
  isMapping = value: builtins.isAttrs value && !(value ? outPath);
  wrong =
    where: value:
    throw "wheelhouse: ${context}: ${where} is ${
      if value ? outPath then "a derivation" else "of the type ${builtins.typeOf value}"
    }, not an attrset. Write `overrides = { NAME.patches = [ … ]; };`, a function `final: prev: { … }` that returns such an attrset, or a list of those.";

  none = builtins.mapAttrs (_: _: { }) packages;
  # One that takes no attrset apart.
  isPlain = value: builtins.isFunction value && builtins.functionArgs value == { };
  changesOf =
    previous: item:
    if builtins.isFunction item then
      if isPlain item && isPlain (item final) then
        item final (none // previous)
      else
        throw "wheelhouse: ${context}: a function in `overrides` takes two arguments one after the other, `final: prev: { … }`, but one takes others."
    else
      item;
  add =
    previous: item:
    let
      changes = changesOf previous item;
    in
    if !isMapping changes then
      wrong "`overrides`" changes
    else
      previous
      // builtins.mapAttrs (
        name: change:
        if isMapping change then
          (previous.${name} or { }) // change
        else
          wrong "overrides.${name}" change
      ) changes;
in
builtins.foldl' add { } (if builtins.isList overrides then overrides else [ overrides ])
