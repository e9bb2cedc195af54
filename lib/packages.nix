let
  environment = import ./environment.nix;
  libraryOutput = import ./library-output.nix;
  package = import ./package.nix;
  serves = import ./sources/serves.nix;
  text = import ./text.nix;
  inherit (import ./wheel.nix) checkOverride wheel;

  key = item: "${item.package or item.name} ${item.version}";
in
/*
  Every distribution that a lock has for one system, as derivations by the names of their files:
  wheels as they are, source distributions by way of a wheel that their locked closure builds.

  Type: packages :: {
    owner              :: string, named in errors;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    libraries          :: [{ attribute, directory :: string }], in order of search;
    download           :: file -> derivation | path;
    overrides          :: { <package> = { buildInputs, patches, … } };
    data               :: attrs, a lock in the shape of docs/sources-yaml.md;
    prepare            :: string, lines of shell that each build starts with;
    join               :: [derivation] -> [derivation], has the last word on a build's packages;
  } -> { <file name> = derivation }

  Example:
    (packages { data = lock; … })."idna-3.10-py3-none-any.whl"
    => «derivation /nix/store/…-python3.11-idna-3.10.drv»
*/
{
  owner,
  toolchain,
  builder,
  python,
  libraries,
  download,
  overrides,
  data,
  prepare ? "",
  join ? found: found,
}:
let
  system = toolchain.target;
  serving = builtins.filter (serves system);
  files = serving (data.links ++ data.build-links or [ ]);
  fileOf = builtins.groupBy key files;
  buildOf = builtins.groupBy key (serving (data.builds or [ ]));

  packages = builtins.listToAttrs (
    map (file: {
      inherit (file) name;
      value = make file;
    }) files
  );

  make =
    file:
    let
      override = checkOverride owner file.package (overrides.${file.package} or { });
      isWheel = text.hasSuffix ".whl" file.name;
      given = (override.buildInputs or [ ]) ++ (override.runtimeLibraries or [ ]);
      built =
        if isWheel && override.preferSdist or false then
          throw "wheelhouse: ${owner}: overrides.${file.package}.preferSdist asks for the source distribution of ${key file}, but the lock has the wheel ${file.name}. Write `${file.package}: {version: \"…\", prefer-sdist: true}` in requirements.yaml and lock again."
        else if isWheel then
          null
        else
          wheel {
            inherit
              toolchain
              builder
              download
              override
              file
              prepare
              ;
            environment = buildEnvironment file;
            advice = (builtins.head buildOf.${key file}).advice or null;
          };
    in
    package {
      inherit
        toolchain
        builder
        python
        ;
      inherit (file) version;
      name = file.package;
      libraries =
        map (input: {
          attribute = "overrides.${file.package}";
          directory = "${libraryOutput input}/lib";
        }) given
        ++ libraries;
      wheel =
        if built == null then
          {
            inherit (file) name;
            path = download file;
          }
        else
          {
            name = null;
            path = built;
          };
    }
    // (if built == null then { } else { wheel = built; });

  buildEnvironment =
    file:
    if buildOf ? ${key file} then
      environment {
        inherit toolchain builder python;
        name = "build-${file.package}-${file.version}";
        packages = join (
          map (item: packages.${locked file item}) (
            serving ((builtins.head buildOf.${key file}).closure or [ ])
          )
        );
        searchPaths = { };
        directories = [ ];
        # What a build doesn't use may lack what it likes.
        strict = false;
        ignoreCollisions = [ "*" ];
      }
    else
      throw "wheelhouse: ${owner}: ${key file} has no wheel for \"${system}\", only the source distribution ${file.name}, and the lock says nothing of its build. Lock again with wheelhouse's lock, which pins what a build needs.";

  locked =
    file: item:
    if fileOf ? ${key item} then
      (builtins.head fileOf.${key item}).name
    else
      throw "wheelhouse: ${owner}: the build of ${key file} needs ${key item}, but the lock has no file of it for \"${system}\". Lock again.";
in
packages
