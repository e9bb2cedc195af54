let
  environment = import ../derivations/environment.nix;
  htmlReport = import ../derivations/html-report.nix;
  importCheck = import ../derivations/import-check.nix;
  libraryOutput = import ../library-output.nix;
  makeImage = import ./makeOciImage.nix;
  libraryReport = import ../derivations/library-report.nix;
  inherit (import ../sources/licenses.nix) unique;
  linkSource = import ../sources/link-source.nix;
  projectCheck = import ../derivations/project-check.nix;
  projectTests = import ../derivations/project-tests.nix;
  inherit (import ../sources/project-source.nix) wholeSource;
  inherit (import ../sources/projects.nix) addLinks projectsOf;
  choose = import ../sources/choose.nix;
  choosePython = import ../choose-python.nix;
  checkOverrides = import ../overrides/check.nix;
  composeOverrides = import ../overrides/compose.nix;
  fromNixpkgs = import ../sources/from-nixpkgs.nix;
  kindsOf = import ../overrides/kinds.nix;
  makePackages = import ../derivations/packages.nix;
  makeNixpkgsPackages = import ../derivations/nixpkgs-packages.nix;
  mergeFlagPackages = import ../makes/build-packages.nix;
  openedBy = import ../native/opened.nix;
  pythonAttribute = import ../python-attribute.nix;
  readSources = import ../sources;
  searchPathsLib = import ../shell/search-paths.nix;
  select = import ../sources/select.nix;
  splitFlags = import ../makes/flags.nix;
  flagTable = import ../makes/table.nix;
  text = import ../text.nix;
  variablesOf = import ../overrides/variables.nix;

  # The folder that paths in the lock are relative to; null where the lock is given as data.
  folderOf =
    sourcesYaml: sourcesJson:
    if sourcesYaml != null then
      dirOf sourcesYaml
    else if sourcesJson != null then
      dirOf sourcesJson
    else
      null;
in
/*
  Make a Python environment of a lock: every file that the system needs is fetched by itself,
  unpacked by itself, and composed into a virtual environment.

  Type: makePythonPypiEnvironment :: {
    name               :: string, of the result in the store;
    sourcesYaml        :: path, a sources.yaml (exactly one of these three);
    sourcesJson        :: path, the same as JSON;
    sourcesRaw         :: attrs, the same as data;
    python             :: string | derivation, by default the lock's Python of the package set;
    groups             :: [string], dependency groups, by default [ "default" ];
    packages           :: [string], further packages of the lock, such as "httpx[http2]";
    projects           :: { <project> = { source, filter, version } }, by project;
    searchPaths        :: attrs, for both of the next two, and found after theirs;
    searchPathsBuild   :: attrs, what builds of source distributions see;
    searchPathsRuntime :: attrs, what `template` adds to a shell; `rpath` is also where wheels find libraries;
    driver             :: string, where programs find the libraries of a GPU's driver: "nixos", by
                          default, or "host", on any distribution;
    ignoreCollisions   :: [string], globs of files that several packages may bring differently;
    nativeLibraries    :: bool, whether packages get the libraries that the lock says they need;
    strict             :: bool, whether a native library that nothing provides is an error;
    overrides          :: { <package> = { patches, source, … } } by package (docs/overrides.md), a
                          function `final: prev:` to such an attrset, or a list of these;
    fetchurl           :: { name, url, sha256, … } -> path, in place of Nix' own download;
  } -> derivation with { python, packages, report, htmlReport, sources, tests.imports, ociImage, override, … }

  The flags of Makes (lib/makes/table.nix) are arguments, too.

  Example:
    makePythonPypiEnvironment { name = "example"; sourcesYaml = ./sources.yaml; }
    => «derivation /nix/store/…-example.drv»
*/
{ toolchain, builderFor }:
let
  make =
    original: flags:
    {
      name,
      sourcesYaml ? null,
      sourcesJson ? null,
      sourcesRaw ? null,
      python ? null,
      groups ? [ "default" ],
      packages ? [ ],
      projects ? { },
      searchPaths ? { },
      searchPathsBuild ? { },
      searchPathsRuntime ? { },
      driver ? "nixos",
      ignoreCollisions ? [ ],
      nativeLibraries ? true,
      strict ? false,
      overrides ? { },
      fetchurl ? import ../derivations/download.nix,
    }:
    let
      context = "environment \"${name}\"";
      listed =
        argument: value:
        if builtins.isList value then
          value
        else
          throw "wheelhouse: ${context}: `${argument}` has the type ${builtins.typeOf value}, but it must be a list, as in `${argument} = [ \"dev\" ];`.";

      flag =
        argument: value:
        if builtins.isBool value then
          value
        else
          throw "wheelhouse: ${context}: `${argument}` has the type ${builtins.typeOf value}, but it must be true or false.";
      isStrict = flag "strict" strict;
      givesLibraries = flag "nativeLibraries" nativeLibraries;

      hostDriver =
        if driver != "nixos" && driver != "host" then
          throw "wheelhouse: ${context}: `driver` is ${
            if builtins.isString driver then "\"${driver}\"" else "of the type ${builtins.typeOf driver}"
          }, but it must be \"nixos\" (the driver of NixOS) or \"host\" (the driver of whatever the environment runs on)."
        else if driver == "host" && toolchain.libc == "musl" then
          throw "wheelhouse: ${context}: `driver = \"host\"` needs a package set on glibc, since the libraries of GPU drivers are built for it, and this one is on musl. Leave `driver` out."
        else
          driver == "host";

      wantedGroups = listed "groups" groups;
      lockFile = if sourcesYaml != null then sourcesYaml else sourcesJson;
      furtherPackages = listed "packages" packages;

      locked = readSources {
        inherit
          context
          sourcesYaml
          sourcesJson
          sourcesRaw
          toolchain
          flags
          ;
        # Reading a lock doesn't depend on its Python, which only the lock tells.
        builder = builderFor toolchain.python;
        download = fetchurl;
      };

      chosen = choose {
        inherit context;
        groups = wantedGroups;
        roots = furtherPackages;
        data = locked;
      };

      sources = addLinks {
        inherit context;
        data = chosen;
        settings = projects;
      };

      interpreter = choosePython {
        inherit context toolchain;
        locked = sources.python;
        requested = python;
      };
      builder = builderFor interpreter;

      files = select {
        inherit context;
        groups = wantedGroups;
        roots = furtherPackages;
        data = sources;
        system = toolchain.target;
        inherit (toolchain) floor;
      };

      runtimePaths = searchPathsLib.merge searchPaths searchPathsRuntime;
      buildPaths = searchPathsLib.merge searchPaths searchPathsBuild;
      runtimeLibraries = searchPathsLib.libraries name runtimePaths;

      # Of the whole lock: an override may be for another choice of its groups.
      kinds =
        kindsOf (addLinks {
          inherit context;
          data = locked;
          settings = projects;
        })
        // builtins.listToAttrs (
          # What flags bring is in no lock of the user's.
          map (flag: {
            name = flagTable.${flag}.package;
            value = [
              "pure"
              "sdist"
            ];
          }) flags
        );
      changes =
        if overrides == { } then
          { }
        else
          checkOverrides {
            inherit context kinds;
            python = pythonAttribute sources.python;
            overrides = composeOverrides {
              inherit context overrides;
              final = packagesByName;
              packages = kinds;
            };
          };
      overrideLibraries = builtins.concatMap (
        name: map (library: "${libraryOutput library}/lib") (changes.${name}.runtimeLibraries or [ ])
      ) (builtins.filter (name: packagesByName ? ${name}) (builtins.attrNames changes));
      # Libraries that installed packages open by name.
      openedLibraries =
        if givesLibraries then
          openedBy {
            inherit context toolchain files;
            overrides = changes;
            needs = sources.native or [ ];
          }
        else
          {
            directories = [ ];
            lacking = [ ];
          };
      libraryDirectories =
        map (library: library.directory) runtimeLibraries
        ++ overrideLibraries
        ++ openedLibraries.directories;
      variables = variablesOf {
        inherit context;
        overrides = changes;
        names = builtins.attrNames packagesByName;
      };

      packageArguments = {
        inherit
          context
          toolchain
          builder
          fetchurl
          ;
        nativeLibraries = givesLibraries;
        overrides = changes;
        python = interpreter;
        libraries = runtimeLibraries ++ toolchain.runtimeLibraries;
        download = linkSource {
          inherit context fetchurl;
          folder = folderOf sourcesYaml sourcesJson;
        };
        prepare = searchPathsLib.script name buildPaths;
      };
      packagesByFile = makePackages (
        packageArguments
        // {
          data = sources;
          mergeBuildPackages = mergeFlagPackages {
            inherit context toolchain flags;
            inherit (sources) python;
            packages = data: makePackages (packageArguments // { inherit data; });
          };
        }
      );
      nixpkgsItems = fromNixpkgs {
        inherit context;
        groups = wantedGroups;
        roots = furtherPackages;
        data = sources;
        system = toolchain.target;
      };
      nixpkgsPackages =
        if nixpkgsItems == [ ] then
          [ ]
        else
          makeNixpkgsPackages {
            inherit context toolchain builder;
            python = interpreter;
            overrides = changes;
            items = nixpkgsItems;
            names = map (file: file.package) files;
          };
      installed = map (file: packagesByFile.${file.name}) files ++ nixpkgsPackages;

      # nixpkgs gives one licence or a list of them; an old one may be a text.
      licensesOf =
        packages:
        unique (
          builtins.concatMap (
            package:
            let
              license = package.meta.license or [ ];
            in
            map (one: if builtins.isString one then { shortName = one; } else one) (
              if builtins.isList license then license else [ license ]
            )
          ) packages
        );

      composeOf =
        resultName: packages: editable:
        environment {
          inherit
            toolchain
            builder
            packages
            editable
            ignoreCollisions
            variables
            hostDriver
            ;
          name = resultName;
          strict = isStrict;
          searchPaths = runtimePaths;
          python = interpreter;
          directories = libraryDirectories;
          meta = if sources ? licenses then { license = licensesOf packages; } else { };
        };
      compose = composeOf name installed;
      result = compose [ ];
      others = builtins.filter (package: !(package ? source)) installed;
      # The names are those of the lock, so that an override may use another package of these.
      packagesByName = builtins.listToAttrs (
        map (file: {
          name = file.package;
          value = packagesByFile.${file.name};
        }) files
        ++ map (value: {
          name = value.pname;
          inherit value;
        }) nixpkgsPackages
      );

      # A command on a project, in an environment that has further groups.
      checkOf =
        project: link: given:
        let
          checked = makeEnvironment (
            original
            // {
              groups = wantedGroups ++ given.groups;
              packages = furtherPackages ++ [ project ];
            }
          );
        in
        projectCheck {
          name = "${project}-${baseNameOf (builtins.head given.command)}";
          inherit toolchain builder;
          inherit (given) command packages variables;
          environment = checked;
          package = checked.packages.${project};
          source = wholeSource {
            folder = folderOf sourcesYaml sourcesJson;
            inherit link;
          };
        };
      linksOfProjects = builtins.listToAttrs (
        map (link: {
          name = link.package;
          value = link;
        }) (builtins.filter (file: file ? project) files)
      );
      projectsByName = builtins.mapAttrs (
        project: link:
        (projectsOf toolchain.target sources).${project}
        // {
          inherit (packagesByName.${project}) source;
          tests = projectTests (checkOf project link);
        }
      ) linksOfProjects;
    in
    withAttributes result (self: {
      inherit sources variables;
      ociImage =
        settings: makeImage { inherit toolchain builderFor; } ({ environment = self; } // settings);
      inherit lockFile;
      override =
        change:
        let
          changed = if builtins.isFunction change then change original else change;
        in
        if builtins.isAttrs changed then
          makeEnvironment (original // changed)
        else
          throw "wheelhouse: ${context}: `override` takes an attrset of arguments, or a function of the old ones to such an attrset, but it got one of the type ${builtins.typeOf changed}.";
      withGroups = groups: makeEnvironment (original // { inherit groups; });
      packages = packagesByName;
      projects = projectsByName;
      withEditable = compose;
      # The environment without projects, that an application of one is a layer on.
      dependencies =
        if builtins.length others == builtins.length installed then
          result
        else
          composeOf "${name}-dependencies" others [ ];
      report = libraryReport {
        inherit
          name
          toolchain
          builder
          hostDriver
          ;
        directories = libraryDirectories;
        inherit (openedLibraries) lacking;
        packages = installed;
        python = interpreter;
      };
      htmlReport = htmlReport {
        inherit
          name
          toolchain
          builder
          hostDriver
          ;
        lock = chosen;
        lockFile = if lockFile == null then "the lock of ${name}" else baseNameOf lockFile;
        groups = wantedGroups;
        roots = furtherPackages;
        overrides = changes;
        directories = libraryDirectories;
        inherit (openedLibraries) lacking;
        packages = installed;
        python = interpreter;
      };
      tests.imports = importCheck {
        inherit toolchain builder;
        packages = installed;
        environment = result;
      };
    });

  # A derivation that keeps further attributes, a function of itself, when its own are changed.
  withAttributes =
    made: attributes:
    let
      self =
        made
        // attributes self
        // {
          overrideAttrs = change: withAttributes (made.overrideAttrs change) attributes;
        };
    in
    self;

  makeEnvironment =
    arguments:
    let
      split = splitFlags arguments;
    in
    make arguments split.flags split.arguments;
in
makeEnvironment
