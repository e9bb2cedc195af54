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
    "sha256"
    "url"
    "version"
  ];
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
    link: !builtins.all (key: builtins.isString (link.${key} or null)) requiredOfLink
  ) data.links;
in
if format != newest then
  throw "wheelhouse: ${owner}: the lock has format ${toString format}, but this version of wheelhouse reads format ${toString newest}. Update wheelhouse, or lock again with this version."
else if wrong != [ ] then
  throw "wheelhouse: ${owner}: the lock has no usable ${text.enumerate wrong}. Lock again, or see docs/sources-yaml.md for what stands there."
else if incomplete != [ ] then
  throw "wheelhouse: ${owner}: the link ${
    builtins.toJSON ((builtins.head incomplete).name or "without a name")
  } lacks one of ${text.enumerate requiredOfLink}. Lock again."
else
  data
