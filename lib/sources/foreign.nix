let
  derive = import ../derive.nix;
in
/*
  Reads a lock that is not in the canonical style, or was written by Makes, with the builder's
  PyYAML and `packaging`: import-from-derivation, so evaluation builds on the machine at hand.

  Type: foreign :: {
    owner              :: string, named in errors;
    toolchain, builder :: the record, the derivation;
    format             :: "yaml" | "json";
    file               :: path;
  } -> attrs

  Example:
    foreign { format = "yaml"; file = ./makes-sources.yaml; … }
    => { python = "3.9"; links = [ … ]; … }
*/
{
  owner,
  toolchain,
  builder,
  format,
  file,
}:
builtins.fromJSON (
  builtins.unsafeDiscardStringContext (
    builtins.readFile (derive {
      name = "sources.json";
      inherit (toolchain) system python;
      program = [
        "${builder}"
        "foreign"
      ];
      spec = {
        inherit format;
        file = "${file}";
        origin = "${owner}: ${baseNameOf file}";
        target = {
          inherit (toolchain) system;
          python = null;
          glibc = toolchain.floor.glibc or null;
          macos = toolchain.floor.macos or null;
        };
      };
    })
  )
)
