let
  canonical = import ./canonical.nix;
  check = import ./check.nix;
  foreign = import ./foreign.nix;
  text = import ../text.nix;
in
/*
  Reads the sources of an environment, from the one of the three arguments that is given: a YAML
  file, a JSON file, or the data itself. A file in the canonical style, and JSON or data with the
  key `wheelhouse`, are read in pure evaluation; all else goes through a derivation that runs the
  builder (import-from-derivation).

  Type: read :: {
    owner                    :: string, named in errors;
    sourcesYaml, sourcesJson :: path | null;
    sourcesRaw               :: attrs | null;
    toolchain, builder       :: the record, the derivation;
    flags                    :: [string], of Makes, for a lock of Makes;
    download                 :: file -> derivation | path, likewise;
  } -> attrs, in the shape of docs/sources-yaml.md

  Example:
    (read { sourcesYaml = ./sources.yaml; … }).python
    => "3.11"
*/
{
  owner,
  sourcesYaml ? null,
  sourcesJson ? null,
  sourcesRaw ? null,
  toolchain,
  builder,
  flags,
  download,
}:
let
  given = builtins.filter (name: builtins.getAttr name all != null) (builtins.attrNames all);
  all = { inherit sourcesYaml sourcesJson sourcesRaw; };

  # JSON is YAML.
  throughBuilder =
    file:
    foreign {
      inherit
        owner
        toolchain
        builder
        flags
        download
        file
        ;
    };

  whole = content: file: if content ? wheelhouse then content else throughBuilder file;

  yaml =
    let
      content = builtins.readFile sourcesYaml;
    in
    if canonical.isCanonical content then
      canonical.parse (baseNameOf sourcesYaml) content
    else
      throughBuilder sourcesYaml;

  readers = {
    sourcesYaml = yaml;
    sourcesJson = whole (builtins.fromJSON (builtins.readFile sourcesJson)) sourcesJson;
    sourcesRaw = whole sourcesRaw (
      builtins.toFile "sources.json" (builtins.toJSON sourcesRaw)
    );
  };
in
if builtins.length given == 1 then
  check owner readers.${builtins.head given}
else
  throw "wheelhouse: ${owner}: give exactly one of sourcesYaml, sourcesJson and sourcesRaw; ${
    if given == [ ] then "none of them is given" else "${text.enumerate given} are given"
  }."
