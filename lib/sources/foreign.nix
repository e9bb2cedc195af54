let
  builds = import ./foreign-builds.nix;
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
    flags              :: [string], of Makes, that builds are to see;
    download           :: file -> derivation | path;
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
  flags,
  download,
}:
let
  # What a module of the lock app says of a spec, built while evaluating.
  ask =
    module: spec:
    builtins.fromJSON (
      builtins.unsafeDiscardStringContext (
        builtins.readFile (derive {
          name = "${module}.json";
          inherit (toolchain) system python;
          program = [
            "${program "lock"}/lock/foreign/derivation.py"
            builder
            module
          ];
          inherit spec;
        })
      )
    );
  data = ask "foreign.convert" {
    system = toolchain.target;
    inherit (toolchain) floor;
    file = "${file}";
    origin = "${owner}: ${baseNameOf file}";
  };
in
builds {
  inherit
    owner
    flags
    download
    data
    ;
  ask = ask "foreign.builds";
}
