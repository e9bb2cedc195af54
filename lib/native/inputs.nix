let
  attribute = import ./attribute.nix;
  tables = import ./tables.nix;

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
  package set has for other platforms only. A source asks for more than its build needs, so what the
  package set lacks is only named in `lacking`, for the error of a build that fails.

  Type: inputs :: {
    context, package :: string, the environment and the distribution, named in errors;
    toolchain        :: the record;
    required         :: bool, whether what the package set lacks is an error, by default false;
  } -> { headers, pkg-config, cmake, linked, programs :: [string]; … } -> {
    buildInputs, nativeBuildInputs :: [{ attribute :: string; derivation :: derivation }];
    lacking                        :: [string], attributes;
  }

  Example:
    inputs
      { context = "environment \"x\""; package = "mysqlclient"; inherit toolchain; }
      { headers = [ "zstd.h" ]; }
    => { buildInputs = [ { attribute = "zstd"; derivation = "/zstd"; } ]; lacking = [ ]; nativeBuildInputs = [ ]; }
*/
{
  context,
  package,
  toolchain,
  required ? false,
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
  isGiven = path: required && toolchain.libc != "libSystem" || toolchain.attribute path != null;

  # The things that ask for each attribute.
  wantedOf =
    key:
    builtins.groupBy (one: one.path) (
      builtins.concatMap (
        thing:
        map (path: {
          inherit path thing;
        }) (thing.found.${key} or [ ])
      ) things
    );
  wanted = {
    buildInputs = wantedOf "buildInputs";
    nativeBuildInputs = wantedOf "nativeBuildInputs";
  };
  lackedOf = key: builtins.filter (path: !(isGiven path)) (builtins.attrNames wanted.${key});

  gather =
    key:
    builtins.filter (one: !(one.derivation.meta.unsupported or false)) (
      map (
        path:
        let
          inherit (builtins.head wanted.${key}.${path}) thing;
        in
        {
          attribute = path;
          derivation = attribute {
            inherit context package toolchain;
            thing = "${kinds.${thing.kind}} ${thing.name}";
            table = "${thing.kind}.json";
          } path;
        }
      ) (builtins.filter isGiven (builtins.attrNames wanted.${key}))
    );
in
{
  buildInputs = gather "buildInputs";
  nativeBuildInputs = gather "nativeBuildInputs";
  lacking = lackedOf "buildInputs" ++ lackedOf "nativeBuildInputs";
}
