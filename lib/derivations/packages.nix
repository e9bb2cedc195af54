let
  environment = import ./environment.nix;
  licenses = import ../sources/licenses.nix;
  inputsOf = import ../native/inputs.nix;
  libraryOutput = import ../library-output.nix;
  package = import ./package.nix;
  pythonVersion = import ../python-version.nix;
  supportsSystem = import ../sources/supports-system.nix;
  text = import ../text.nix;
  overrideKeys = import ../overrides/keys.nix;
  overrideSource = import ../overrides/source.nix;
  sonames = import ../native/sonames.nix;
  wheel = import ./wheel.nix;

  key = item: "${item.package or item.name} ${item.version}";
in
/*
  Make a derivation of every distribution that a lock has for one system, by file name: a wheel is
  unpacked, a source distribution is first built to a wheel in its locked environment.

  Type: packages :: {
    context            :: string, the environment, named in errors;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    libraries          :: [{ attribute, directory :: string }], in order of search;
    download           :: file -> derivation | path;
    fetchurl           :: file -> derivation | path, for the sources that overrides give;
    overrides          :: { <package> = { buildInputs, patches, … } }, checked;
    data               :: attrs, a lock in the shape of docs/sources-yaml.md;
    nativeLibraries    :: bool, whether packages get what the lock's `native` says;
    prepare            :: string, lines of shell that each build starts with;
    mergeBuildPackages :: [derivation] -> [derivation], changes the packages of each build;
  } -> { <file name> = derivation }

  Example:
    (packages {
      context = "environment \"example\"";
      inherit toolchain builder python;
      libraries = [ ];
      download = file: "/downloads/${file.name}";
      fetchurl = file: "/downloads/${file.name}";
      overrides = { };
      data = lock;
    })."idna-3.10-py3-none-any.whl"
    => «derivation /nix/store/…-python3.11-idna-3.10.drv»
*/
{
  context,
  toolchain,
  builder,
  python,
  libraries,
  download,
  fetchurl,
  overrides,
  data,
  nativeLibraries ? true,
  prepare ? "",
  mergeBuildPackages ? packages: packages,
}:
let
  system = toolchain.target;
  forSystem = builtins.filter (supportsSystem system);
  files = forSystem (data.links ++ data.build-links or [ ]);
  fileOf = builtins.groupBy key files;
  buildOf = builtins.groupBy key (forSystem (data.builds or [ ]));

  # Most locks don't tell licences.
  metaOf =
    if data ? licenses then
      file:
      let
        license = licenses.ofPackage data.licenses file;
      in
      if license == null then { } else { meta.license = license; }
    else
      file: { };

  needsOf =
    if nativeLibraries && data ? native then builtins.groupBy key data.native else { };
  needs =
    file: override:
    if needsOf == { } || !(override.nativeLibraries or true) then
      { }
    else
      builtins.head (needsOf.${key file} or [ { } ]);

  packages = builtins.listToAttrs (
    map (file: {
      inherit (file) name;
      value = make file;
    }) files
  );

  noInputs = {
    buildInputs = [ ];
    nativeBuildInputs = [ ];
    lacking = [ ];
  };
  # What the build of a file gets by the lock's `native`.
  lockedInputs =
    file: override:
    let
      found = needs file override;
    in
    if found == { } then
      noInputs
    else
      inputsOf {
        inherit context toolchain;
        inherit (file) package;
        # An override asks for all of them, not for those that are there.
        required = override.nativeLibraries or false;
      } found;

  interpreter = {
    executable = python.interpreter;
    version = pythonVersion python;
    inherit (python) sitePackages;
  };
  make =
    file:
    let
      override = overrides.${file.package} or { };
      given = (override.buildInputs or [ ]) ++ (override.runtimeLibraries or [ ]);
      # Most packages have no override, and there are many of them.
      isPlain = override == { };
      source = if isPlain then lockedSource file else sourceOf file override;
      hasWheelName = text.hasSuffix ".whl" source.name;
      isWheel = hasWheelName || (!isPlain && wheelOf file override source);
      version = override.version or file.project.builtVersion or file.version;
      built =
        if override.preferSdist or false && text.hasSuffix ".whl" file.name then
          throw "wheelhouse: ${context}: overrides.${file.package}.preferSdist asks for the source distribution of ${key file}, but the lock has the wheel ${file.name}. Write `${file.package}: {version: \"…\", prefer-sdist: true}` in requirements.yaml and lock again."
        else if isWheel then
          if override ? source then builtFromWheel file override else null
        else
          wheel {
            inherit
              toolchain
              builder
              version
              override
              prepare
              source
              ;
            inherit (file) package;
            inputs = lockedInputs file override;
            environment = buildEnvironment file;
            advice =
              if file ? project then
                "A build has no network. Mend the project, or what it requires in `[build-system]`, and lock again; a missing library or program goes into `overrides.${file.package}`"
              else
                (builtins.head buildOf.${key file}).advice or null;
          };
    in
    package {
      inherit
        toolchain
        builder
        python
        interpreter
        version
        ;
      exact = override ? version || file.project.exact or true;
      name = file.package;
      libraries =
        map (input: {
          attribute = "overrides.${file.package}";
          directory = "${libraryOutput input}/lib";
        }) given
        ++ libraries
        ++ (
          if built != null then
            map (input: {
              inherit (input) attribute;
              directory = "${libraryOutput input.derivation}/lib";
            }) (lockedInputs file override).buildInputs
          else if toolchain.libc != "libSystem" then
            (sonames {
              inherit context toolchain;
              inherit (file) package;
            } ((needs file override).libraries or [ ])).found
          else
            [ ]
        );
      wheel =
        if built == null then
          {
            # Of a folder with one wheel, the builder finds the name.
            name = if hasWheelName then source.name else null;
            inherit (source) path;
          }
        else
          {
            name = null;
            path = built;
          };
      source = if override ? source then "overrides.${file.package}" else null;
      edits = if isPlain then { } else editsOf isWheel override;
      passthru = {
        wheel = if built == null then source.path else built;
      }
      // (if file ? project then { source = source.path; } else { })
      // metaOf file;
    };

  # Nothing is built where a wheel stands in place of a source distribution.
  builtFromWheel =
    file: override:
    let
      useless = builtins.filter (
        name:
        !(builtins.any (kind: builtins.elem kind overrideKeys.${name}.kinds) [
          "pure"
          "native"
          "needing"
        ])
        && !(builtins.any (other: override ? ${other}) overrideKeys.${name}.beside)
      ) (builtins.attrNames override);
    in
    if override.preferSdist or false then
      throw "wheelhouse: ${context}: overrides.${file.package} has `preferSdist`, but its `source` is a wheel. Leave one of them out."
    else if useless != [ ] then
      throw "wheelhouse: ${context}: overrides.${file.package}.${builtins.head useless} has no effect: overrides.${file.package}.source is a wheel, and only the build of a source distribution uses it. Leave one of them out."
    else
      null;

  editsOf =
    isWheel: override:
    let
      patches = if isWheel then override.patches or [ ] else [ ];
      taken = {
        inherit patches;
        remove = override.remove or [ ];
      };
    in
    if taken.patches == [ ] && taken.remove == [ ] && !(override ? postInstall) then
      { }
    else
      taken
      // (
        if override ? postInstall then
          { inherit (override) postInstall; }
          // builtins.intersectAttrs {
            buildInputs = null;
            nativeBuildInputs = null;
            env = null;
          } override
        else
          { }
      );

  # Whether another source is a folder with a wheel: it is built where the lock says how.
  wheelOf =
    file: override: source:
    override ? source
    && !(buildOf ? ${key file})
    && (
      !(text.hasSuffix ".tar.gz" source.name || text.hasSuffix ".zip" source.name)
      || throw "wheelhouse: ${context}: overrides.${file.package}.source is the source distribution ${source.name}, but the lock has ${key file} as a wheel and says nothing of its build. Write `${file.package}: {version: \"…\", prefer-sdist: true}` in requirements.yaml and lock again, or give a wheel."
    );

  sourceOf =
    file: override:
    if override ? source then
      overrideSource {
        inherit context fetchurl;
        inherit (file) package;
        inherit (override) source;
      }
      // {
        placeholders = [ ];
      }
    else
      lockedSource file;

  lockedSource =
    file:
    if file ? project then
      download file // { inherit (file) name; }
    else
      {
        inherit (file) name;
        path = download file;
        placeholders = [ ];
      }
      // (if file ? subdirectory then { inherit (file) subdirectory; } else { });

  buildEnvironment =
    file:
    if buildOf ? ${key file} then
      environment {
        inherit toolchain builder python;
        name = "build-${file.package}-${file.version}";
        packages = mergeBuildPackages (
          map (item: packages.${locked file item}) (
            forSystem ((builtins.head buildOf.${key file}).closure or [ ])
          )
        );
        searchPaths = { };
        directories = [ ];
        # A build often doesn't use the package that lacks a library, or the files that collide.
        strict = false;
        ignoreCollisions = [ "*" ];
      }
    else
      throw "wheelhouse: ${context}: ${key file} has no wheel for \"${system}\", only the source distribution ${file.name}, and the lock says nothing of its build. Lock again with wheelhouse's lock, which pins what a build needs.";

  locked =
    file: item:
    if fileOf ? ${key item} then
      (builtins.head fileOf.${key item}).name
    else
      throw "wheelhouse: ${context}: the build of ${key file} needs ${key item}, but the lock has no file of it for \"${system}\". Lock again.";
in
packages
