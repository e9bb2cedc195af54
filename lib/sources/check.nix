let
  text = import ../text.nix;
  newest = 1;
  required = {
    closure = builtins.isAttrs;
    links = builtins.isList;
    python = builtins.isString;
    systems = builtins.isAttrs;
  };
  requiredOfLink = [
    "name"
    "package"
    "version"
  ];
  # Where a link's file comes from: one of these sets of keys.
  places = [
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
  Passes a lock through when it has what the library reads from it, and says what is wrong when not.

  Type: check :: string -> attrs -> attrs

  Example:
    check "environment \"x\"" { wheelhouse = 2; }
    => error: … the lock has format 2 …
*/
owner: data:
let
  format = data.wheelhouse or newest;
  wrong = builtins.filter (key: !(data ? ${key} && required.${key} data.${key})) (
    builtins.attrNames required
  );
  incomplete = builtins.filter (
    link: !(hasAll link requiredOfLink && builtins.any (hasAll link) places)
  ) data.links;
in
if format != newest then
  throw "wheelhouse: ${owner}: the lock has format ${toString format}, but this version of wheelhouse reads format ${toString newest}. Update wheelhouse, or lock again with this version."
else if wrong != [ ] then
  throw "wheelhouse: ${owner}: the lock has no usable ${text.enumerate wrong}. Lock again, or see docs/sources-yaml.md for what stands there."
else if incomplete != [ ] then
  throw "wheelhouse: ${owner}: the link ${
    builtins.toJSON ((builtins.head incomplete).name or "without a name")
  } lacks one of ${text.enumerate requiredOfLink}, or both \"url\" and \"sha256\", or others in their place. Lock again."
else
  data
