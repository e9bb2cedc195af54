# What scripts/evaluate-nixpkgs asks about a package set: `probe` says what it is, `attributes` what
# the library takes of it, `tables` what it lacks of the tables in native/, and `outputs` has the
# derivations of all that the project and its library make on it. `names` chooses among them.
{
  folder,
  system,
  aliases ? true,
  project ? null,
  names ? [ ],
}:
let
  imported = import (/. + folder);
  setWith =
    allowAliases:
    imported {
      inherit system;
      config = { inherit allowAliases; };
      overlays = [ ];
    };
  set = setWith aliases;
  # The programs that make environments import the package set from there.
  pkgs = if set ? path then set else set // { path = /. + folder; };
  library = libraryOf pkgs;
  libraryOf = pkgs: import ../. { inherit pkgs; };

  own = import ../project.nix library;
  overlay = final: _prev: { inherit (libraryOf final) makePythonPypiEnvironment; };
  parse = file: (import ../lib/sources/canonical.nix).parse file (builtins.readFile file);
  pythonVersion = import ../lib/python-version.nix;

  # The lock of Django, whose wheels are pure, for another Python and another target.
  pure =
    { toolchain, ... }:
    python:
    parse (toString ../examples/django/sources.yaml)
    // {
      inherit python;
      systems.${toolchain.target} = toolchain.floor;
    };
  environmentOf =
    library: python: arguments:
    library.makePythonPypiEnvironment (
      {
        name = "django";
        sourcesRaw = pure library python;
      }
      // arguments
    );
  python = pythonVersion pkgs.python3;
  django = environmentOf library python { };
  withTkinter =
    let
      data = pure library python;
    in
    environmentOf library python {
      sourcesRaw = data // {
        packages = data.packages ++ [
          {
            name = "tkinter";
            version = "0";
            from = "nixpkgs";
          }
        ];
        groups.default = data.groups.default ++ [ "tkinter" ];
      };
    };

  template =
    let
      self = (import "${project}/flake.nix").outputs {
        nixpkgs = { };
        wheelhouse.lib.eachSystem = _nixpkgs: make: make library;
      };
    in
    {
      inherit (self) packages devShells checks;
    };

  # Derivations in attrsets of attrsets, by path. Only the names of what is no derivation are needed.
  flatten =
    prefix: values:
    builtins.listToAttrs (
      map (name: {
        name = "${prefix}.${name}";
        value = values.${name};
      }) (builtins.attrNames values)
    );
  freeThreaded = builtins.filter (
    version: builtins.match ".*t" version != null
  ) library.toolchain.pythonVersions;
  all =
    flatten "packages" own.packages
    // flatten "apps" (builtins.mapAttrs (_name: app: { drvPath = app.program; }) own.apps)
    // flatten "checks" own.checks
    // flatten "devShells" own.devShells
    // builtins.listToAttrs (
      builtins.concatMap
        (name: [
          {
            name = "${name}: report";
            value = own.packages.${name}.report;
          }
          {
            name = "${name}: htmlReport";
            value = own.packages.${name}.htmlReport;
          }
          {
            name = "${name}: tests.imports";
            value = own.packages.${name}.tests.imports;
          }
        ])
        [
          "env"
          "science"
        ]
    )
    // builtins.listToAttrs (
      map (version: {
        name = "Python ${version}";
        value = environmentOf library version { };
      }) freeThreaded
    )
    // {
      "makePythonPypiApplication" = library.makePythonPypiApplication {
        package = "django";
        mainProgram = "django-admin";
        sourcesRaw = pure library python;
      };
      "makePythonScript" = library.makePythonScript {
        script = ../examples/django/program.py;
        sourcesRaw = pure library python;
      };
      "makeShell" = library.makeShell {
        environment = django;
        packages = [ library.lock ];
      };
      "searchPaths" = environmentOf library python {
        searchPaths = {
          rpath = [ pkgs.zlib ];
          bin = [ pkgs.coreutils ];
        };
      };
      "overrides" = environmentOf library python {
        overrides.django.runtimeLibraries = [ pkgs.zlib ];
      };
      "overlays.default" = (pkgs.extend overlay).makePythonPypiEnvironment {
        name = "overlaid";
        sourcesRaw = pure library python;
      };
    }
    // (if pkgs.python3 ? pkgs.tkinter then { "tkinter of the package set" = withTkinter; } else { })
    // (
      if pkgs.stdenv.hostPlatform.isLinux then
        {
          "driver = host" = environmentOf library python { driver = "host"; };
          "makeOciImage" = library.makeOciImage { environment = django; };
          "env: ociImage" = own.packages.env.ociImage { };
          "science: ociImage" = own.packages.science.ociImage { };
        }
      else
        { }
    )
    // (
      if pkgs.stdenv.hostPlatform.isLinux && pkgs ? pkgsMusl then
        let
          musl = libraryOf (pkgs.pkgsMusl // { inherit (pkgs) path; });
        in
        {
          "pkgsMusl: django" = environmentOf musl (pythonVersion pkgs.pkgsMusl.python3) { };
          "pkgsMusl: lock" = musl.lock;
        }
      else
        { }
    )
    // (
      if project == null then
        { }
      else
        flatten "templates.project: packages" template.packages
        // flatten "templates.project: devShells" template.devShells
        // flatten "templates.project: checks" template.checks
    );

  # All that lib/toolchain.nix takes, beside an interpreter of each version.
  taken = [
    "bash"
    "coreutils"
    "expat"
    "gnupatch"
    "libxcb"
    "patchelf"
    "path"
    "python3"
    "python3.pythonVersion"
    "pythonManylinuxPackages.manylinux1"
    "stdenv"
    "stdenv.buildPlatform"
    "stdenv.cc.cc"
    "stdenv.cc.libc.version"
    "stdenv.hostPlatform"
    "uv"
    "xorg.libxcb"
    "zlib"
  ];
  interpreters = builtins.filter (name: builtins.match "python3[0-9]+(FreeThreading)?" name != null) (
    builtins.attrNames set
  );
  partsOf = path: builtins.filter builtins.isString (builtins.split "\\." path);
  at =
    path:
    builtins.foldl' (
      value: name: if builtins.isAttrs value then value.${name} or null else null
    ) set (partsOf path);
  has = set: path: set ? ${builtins.head (partsOf path)};
  # The first name of a path decides: what is an alias has no further ones.
  isAlias = path: has (setWith true) path && !has (setWith false) path;
  say =
    value:
    if value == null then
      "absent"
    else if builtins.isList value then
      "${toString (builtins.length value)}: ${
        builtins.concatStringsSep ", " (map (item: item.pname or item.name or "?") value)
      }"
    else if builtins.isAttrs value && value ? libc then
      if value.libc == "libSystem" then "macOS ${value.darwinMinVersion}" else value.libc
    else if builtins.isAttrs value then
      value.name or "a set without a name"
    else
      toString value;

  tables = builtins.attrNames (
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) (builtins.concatMap namesIn [
        (table "sonames")
        (table "headers")
        (table "linked")
        (table "pkg-config")
        (table "programs")
        (table "cmake")
      ])
    )
  );
  table = name: builtins.fromJSON (builtins.readFile (../native + "/${name}.json"));
  namesIn =
    value:
    if builtins.isString value then
      [ value ]
    else if builtins.isList value then
      builtins.concatMap namesIn value
    else if builtins.isAttrs value then
      builtins.concatMap namesIn (builtins.attrValues value)
    else
      [ ];
  chosen =
    make:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = make name;
      }) names
    );
in
{
  kind = builtins.typeOf imported;
  # What no package set is without.
  probe = builtins.seq set.stdenv.drvPath python;
  attributeNames = taken ++ interpreters;
  attributes = chosen (name: say (at name));
  tableNames = tables;
  tables = chosen (name: say (library.toolchain.attribute name));
  aliasNames = builtins.filter isAlias (taken ++ interpreters ++ tables);
  outputNames = builtins.attrNames all;
  outputs = chosen (name: all.${name}.drvPath);
}
