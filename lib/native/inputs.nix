let
  attribute = import ./attribute.nix;

  read = name: builtins.fromJSON (builtins.readFile (../../native + "/${name}.json"));
  tables = {
    cmake = read "cmake";
    headers = read "headers";
    linked = read "linked";
    pkg-config = read "pkg-config";
    programs = read "programs";
    sonames = read "sonames";
  };

  library = path: if path == null then { } else { buildInputs = [ path ]; };

  # What native/tables.py says of a name, as attribute paths.
  lookUps = {
    headers =
      name:
      library (
        tables.headers.${name} or (
          tables.headers."${builtins.head (builtins.split "/" name)}/" or null
        )
      );
    pkg-config =
      name:
      library (tables.pkg-config.${name} or null)
      // {
        nativeBuildInputs = [ "pkg-config" ];
      };
    cmake = name: tables.cmake.${name} or { };
    linked = name: library (tables.linked.${name} or (tables.sonames."lib${name}.so" or null));
    programs = name: tables.programs.${name} or { };
  };

  # How a sentence names a thing.
  kinds = {
    headers = "the header";
    pkg-config = "the pkg-config module";
    cmake = "the CMake package";
    linked = "the library";
    programs = "the program";
  };
in
/*
  Return what the build of a distribution gets of the package set, by what a lock says that it asks
  for: libraries and programs, each once. What the tables lack gives nothing, and so does what the
  package set has for other platforms only, or lacks on macOS.

  Type: inputs :: {
    context, package :: string, the environment and the distribution, named in errors;
    toolchain        :: the record;
  } -> { headers, pkg-config, cmake, linked, programs :: [string]; … } -> {
    buildInputs, nativeBuildInputs :: [{ attribute :: string; derivation :: derivation }];
  }

  Example:
    inputs
      { context = "environment \"x\""; package = "mysqlclient"; inherit toolchain; }
      { headers = [ "zstd.h" ]; }
    => { buildInputs = [ { attribute = "zstd"; derivation = "/zstd"; } ]; nativeBuildInputs = [ ]; }
*/
{
  context,
  package,
  toolchain,
}:
needs:
let
  things = builtins.concatMap (
    kind:
    map (name: {
      inherit kind name;
      found = lookUps.${kind} name;
    }) (needs.${kind} or [ ])
  ) (builtins.attrNames kinds);

  # A lock has one list for all systems, and what only Linux needs may not be there on macOS.
  isGiven = path: toolchain.libc != "libSystem" || toolchain.attribute path != null;

  gather =
    key:
    let
      wanted = builtins.groupBy (one: one.path) (
        builtins.concatMap (
          thing:
          map (path: {
            inherit path thing;
          }) (builtins.filter isGiven (thing.found.${key} or [ ]))
        ) things
      );
    in
    builtins.filter (one: !(one.derivation.meta.unsupported or false)) (
      map (
        path:
        let
          inherit (builtins.head wanted.${path}) thing;
        in
        {
          attribute = path;
          derivation = attribute {
            inherit context package toolchain;
            thing = "${kinds.${thing.kind}} ${thing.name}";
            table = "${thing.kind}.json";
          } path;
        }
      ) (builtins.attrNames wanted)
    );
in
{
  buildInputs = gather "buildInputs";
  nativeBuildInputs = gather "nativeBuildInputs";
}
