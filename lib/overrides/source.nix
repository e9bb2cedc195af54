let
  copiedPath = import ../sources/copied-path.nix;
  text = import ../text.nix;

  # Of a path in the store, without the hash.
  storedName =
    path:
    let
      parts = builtins.match "[0-9a-z]{32}-(.*)" (baseNameOf path);
    in
    if parts == null then baseNameOf path else builtins.head parts;

  # The empty one lets Nix say the right one.
  isHash =
    hash:
    builtins.isString hash
    && builtins.match "(sha256-[A-Za-z0-9+/]{43}=|(sha256:)?([0-9a-f]{64}|[0-9a-z]{52}))?" hash != null;
in
/*
  Return name and path of the source that an override gives in place of a lock's file: a path, a
  derivation or another attrset with `outPath`, or a file by its `url` and `hash`.

  Type: source :: {
    context  :: string, the environment, named in errors;
    package  :: string;
    fetchurl :: { name, url, sha256 } -> path;
    source   :: path | derivation | string | { url, hash | sha256, name };
  } -> { name :: string; path :: path | derivation }

  Example:
    (source {
      context = "environment \"example\"";
      package = "idna";
      fetchurl = file: "/downloads/${file.name}";
      source = { url = "https://files.example/idna-3.10-py3-none-any.whl"; hash = ""; };
    })
    => { name = "idna-3.10-py3-none-any.whl"; path = "/downloads/idna-3.10-py3-none-any.whl"; }
*/
{
  context,
  package,
  fetchurl,
  source,
}:
let
  where = "wheelhouse: ${context}: overrides.${package}.source";
  unknown = builtins.filter (
    key:
    !builtins.elem key [
      "hash"
      "name"
      "sha256"
      "url"
    ]
  ) (builtins.attrNames source);
  name = source.name or (text.before "[?#]" (baseNameOf source.url));
in
if builtins.isPath source then
  if !builtins.pathExists source then
    throw "${where}: there is no ${toString source}. In a git repository, a flake sees only what git knows: `git add` it."
  else
    {
      name = baseNameOf source;
      path = copiedPath (baseNameOf source) source;
    }
else if builtins.isString source && !text.hasPrefix "${builtins.storeDir}/" source then
  throw "${where} is the text \"${source}\", which is no path in the store. Write a path without quotes, as in `source = ./${package}.whl;`."
else if builtins.isString source then
  {
    name = storedName source;
    path = source;
  }
else if source ? outPath then
  {
    name = source.name or "source";
    path = source;
  }
else if !(builtins.isAttrs source && source ? url) then
  throw "${where} has the type ${builtins.typeOf source}. Give a path, a derivation, or a file as `{ url = \"…\"; hash = \"sha256-…\"; }`."
else if unknown != [ ] then
  throw "${where} has no key ${text.enumerate unknown}. It knows \"url\", \"hash\" (or \"sha256\") and \"name\"."
else if !(source ? hash || source ? sha256) then
  throw "${where} has no hash. Nix prints it where it is wrong: write `hash = \"\";` first."
else if !(builtins.isString source.url && isHash (source.hash or source.sha256)) then
  throw "${where} needs a text as `url`, and a sha256 as `hash`: \"sha256-…\", or in base 16 or 32."
else
  {
    inherit name;
    path = fetchurl {
      inherit name package;
      inherit (source) url;
      sha256 = source.hash or source.sha256;
    };
  }
