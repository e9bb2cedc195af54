let
  builds = import ./foreign-builds.nix;
  pythonDerivation = import ../derivations/python-derivation.nix;
  pythonSource = import ../derivations/python-source.nix;
in
/*
  Read a lock that is not in the canonical style, or was written by Makes, with the lock app's code
  and the builder's libraries. This is import-from-derivation: evaluation builds on this machine.

  Type: foreign :: {
    context            :: string, the environment, named in errors;
    toolchain, builder :: the record, the derivation;
    file               :: path;
    flags              :: [string], of Makes, that builds are to see;
    download           :: file -> derivation | path;
  } -> attrs

  Example:
    (foreign {
      context = "environment \"example\"";
      inherit toolchain builder;
      file = ./makes-sources.yaml;
      flags = [ ];
      download = null;
    }).python
    => "3.11"
*/
{
  context,
  toolchain,
  builder,
  file,
  flags,
  download,
}:
let
  # The JSON that a module of the lock app makes of a spec, built while evaluating.
  evaluate =
    module: spec:
    builtins.fromJSON (
      builtins.unsafeDiscardStringContext (
        builtins.readFile (pythonDerivation {
          name = "${module}.json";
          inherit (toolchain) system python;
          program = [
            "${pythonSource [ "lock" ]}/lock/foreign/derivation.py"
            builder
            module
          ];
          inherit spec;
        })
      )
    );
  data = evaluate "foreign.convert" {
    system = toolchain.target;
    inherit (toolchain) floor;
    file = "${file}";
    origin = "${context}: ${baseNameOf file}";
  };
in
builds {
  inherit
    context
    flags
    download
    data
    ;
  readBuilds = evaluate "foreign.builds";
}
