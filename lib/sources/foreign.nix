let
  derive = import ../derive.nix;
  program = import ../program.nix;
in
/*
  Reads a lock that is not in the canonical style, or was written by Makes, with the lock app's code
  and the builder's libraries: import-from-derivation, so evaluation builds on the machine at hand.

  Type: foreign :: {
    owner              :: string, named in errors;
    toolchain, builder :: the record, the derivation;
    file               :: path;
  } -> attrs

  Example:
    foreign { file = ./makes-sources.yaml; … }
    => { python = "3.9"; links = [ … ]; … }
*/
{
  owner,
  toolchain,
  builder,
  file,
}:
builtins.fromJSON (
  builtins.unsafeDiscardStringContext (
    builtins.readFile (derive {
      name = "sources.json";
      inherit (toolchain) system python;
      program = [
        "${program "lock"}/lock/foreign.py"
        builder
      ];
      spec = {
        inherit (toolchain) system floor;
        file = "${file}";
        origin = "${owner}: ${baseNameOf file}";
      };
    })
  )
)
