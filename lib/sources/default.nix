let
  canonical = import ./canonical.nix;
  foreign = import ./foreign.nix;
  text = import ../text.nix;
  validate = import ./validate.nix;
in
/*
  Read a lock from the one of three arguments that is given: a YAML file, a JSON file, or data. A
  file in the canonical style, and JSON or data with the key `wheelhouse`, are read in pure
  evaluation; all else goes through a derivation that runs the builder (import-from-derivation).

  Type: read :: {
    context                  :: string, the environment, named in errors;
    sourcesYaml, sourcesJson :: path | null;
    sourcesRaw               :: attrs | null;
    toolchain, builder       :: the record, the derivation;
    flags                    :: [string], of Makes, for a lock of Makes;
    download                 :: file -> derivation | path, for the same;
  } -> attrs, in the shape of docs/sources-yaml.md

  Example:
    (read {
      context = "environment \"example\"";
      sourcesYaml = ./sources.yaml;
      inherit toolchain builder;
      flags = [ ];
      download = null;
    }).python
    => "3.11"
*/
{
  context,
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
        context
        toolchain
        builder
        flags
        download
        file
        ;
    };

  jsonOrForeign = content: file: if content ? wheelhouse then content else throughBuilder file;

  yaml =
    let
      content = builtins.readFile sourcesYaml;
    in
    if canonical.isCanonical content then
      canonical.parse (baseNameOf sourcesYaml) content
    else
      throughBuilder sourcesYaml;

  # A flake in a git repository doesn't have what git doesn't know.
  existing =
    file: content:
    if builtins.pathExists file then
      content
    else
      throw "wheelhouse: ${context}: there is no lock ${baseNameOf file}. Run `lock`; in a git repository, `git add` it as well.";

  readers = {
    sourcesYaml = existing sourcesYaml yaml;
    sourcesJson = existing sourcesJson (
      jsonOrForeign (builtins.fromJSON (builtins.readFile sourcesJson)) sourcesJson
    );
    sourcesRaw = jsonOrForeign sourcesRaw (
      builtins.toFile "sources.json" (builtins.toJSON sourcesRaw)
    );
  };
in
if builtins.length given == 1 then
  validate context readers.${builtins.head given}
else
  throw "wheelhouse: ${context}: give exactly one of sourcesYaml, sourcesJson and sourcesRaw; ${
    if given == [ ] then "none of them is given" else "${text.enumerate given} are given"
  }."
