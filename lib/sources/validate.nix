let
  text = import ../text.nix;
  supported = 1;
  required = {
    closure = builtins.isAttrs;
    links = builtins.isList;
    python = builtins.isString;
    systems = builtins.isAttrs;
  };
  # What the canonical style can't write, where no package comes from an index.
  empty = {
    closure = { };
    links = [ ];
  };
  requiredOfLink = [
    "name"
    "package"
    "version"
  ];
  # The sets of keys that name where a link's file comes from; a link has one of them.
  sources = [
    [
      "sha256"
      "url"
    ]
    [
      "git"
      "rev"
    ]
    [ "path" ]
  ];
  hasAll = link: builtins.all (key: builtins.isString (link.${key} or null));
in
/*
  Return a lock that has what the library reads from it. Throws, saying what is wrong, for any other.

  Type: validate :: string -> attrs -> attrs

  Example:
    validate "environment \"example\"" { wheelhouse = 2; }
    => error: environment "example": the lock has format 2
*/
context: given:
let
  hasOthers =
    given ? projects || builtins.any (package: package ? from) (given.packages or [ ]);
  data = if hasOthers then empty // given else given;
  format = data.wheelhouse or supported;
  wrong = builtins.filter (key: !(data ? ${key} && required.${key} data.${key})) (
    builtins.attrNames required
  );
  incomplete = builtins.filter (
    link: !(hasAll link requiredOfLink && builtins.any (hasAll link) sources)
  ) data.links;
in
if format != supported then
  throw "wheelhouse: ${context}: the lock has format ${toString format}, but this version of wheelhouse reads format ${toString supported}. Update wheelhouse, or lock again with this version."
else if wrong != [ ] then
  throw "wheelhouse: ${context}: the lock has no usable ${text.enumerate wrong}. Lock again, or see docs/sources-yaml.md for what stands there."
else if incomplete != [ ] then
  throw "wheelhouse: ${context}: the link ${
    builtins.toJSON ((builtins.head incomplete).name or "without a name")
  } lacks one of ${text.enumerate requiredOfLink}, or both \"url\" and \"sha256\", or others in their place. Lock again."
else
  data
