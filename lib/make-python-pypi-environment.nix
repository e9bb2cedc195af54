let
  environment = import ./environment.nix;
  importCheck = import ./import-check.nix;
  joinFlags = import ./makes/join.nix;
  libraryOutput = import ./library-output.nix;
  makePackages = import ./packages.nix;
  makeReport = import ./report.nix;
  place = import ./place.nix;
  pythonVersion = import ./python-version.nix;
  readSources = import ./sources;
  searchPathsOf = import ./search-paths.nix;
  select = import ./sources/select.nix;
  text = import ./text.nix;

  # `python` may be left out, a version, or an interpreter; it has to be the one locked for.
  choosePython =
    owner: toolchain: locked: given:
    let
      interpreter = toolchain.interpreter locked;
      version =
        if builtins.isString given then
          given
        else if given ? pythonVersion then
          pythonVersion given
        else
          null;
    in
    if given != null && version != locked then
      throw "wheelhouse: ${owner}: `python` is ${
        if version == null then "no interpreter (it has no `pythonVersion`)" else version
      }, but the lock is for Python ${locked}. Leave `python` out, or lock again for ${toString version}."
    else if given != null && !builtins.isString given then
      given
    else if interpreter == null then
      throw "wheelhouse: ${owner}: the lock is for Python ${locked}, which the package set lacks; it has ${text.enumerate toolchain.pythonVersions}. Lock again for one of those, or pass an interpreter as `python`."
    else
      interpreter;
in
/*
  A Python environment from a lock file: every file of the lock that the system needs is fetched by
  itself, unpacked by itself, and composed into a virtual environment.

  Type: makePythonPypiEnvironment :: { toolchain, builderFor, flags } -> {
    name               :: string, of the result in the store;
    sourcesYaml        :: path, a sources.yaml (exactly one of these three);
    sourcesJson        :: path, the same as JSON;
    sourcesRaw         :: attrs, the same as data;
    python             :: string | derivation, by default the lock's Python of the package set;
    searchPaths        :: attrs, for both of the next two, and found after theirs;
    searchPathsBuild   :: attrs, what builds of source distributions see;
    searchPathsRuntime :: attrs, what `template` adds to a shell; `rpath` also serves the wheels;
    ignoreCollisions   :: [string], globs of files that several packages may bring differently;
    strict             :: bool, whether a native library that nothing provides is an error;
    overrides          :: { <package> = { buildInputs, nativeBuildInputs, patches, env,
                          configSettings, preferSdist, runtimeLibraries } }, by package;
    fetchurl           :: { name, url, sha256, … } -> path, in place of Nix' own download;
  } -> derivation with { python, packages, report, sources, tests.imports }

  Example:
    makePythonPypiEnvironment { name = "example"; sourcesYaml = ./sources.yaml; }
    => «derivation /nix/store/…-example.drv»
*/
{
  toolchain,
  builderFor,
  flags,
}:
{
  name,
  sourcesYaml ? null,
  sourcesJson ? null,
  sourcesRaw ? null,
  python ? null,
  groups ? [ "default" ],
  searchPaths ? { },
  searchPathsBuild ? { },
  searchPathsRuntime ? { },
  ignoreCollisions ? [ ],
  strict ? false,
  overrides ? { },
  fetchurl ? import ./fetch.nix,
}:
let
  owner = "environment \"${name}\"";
  sources = readSources {
    inherit
      owner
      sourcesYaml
      sourcesJson
      sourcesRaw
      toolchain
      flags
      ;
    # What it reads doesn't depend on the Python that it is for, which stands in there.
    builder = builderFor toolchain.python;
    download = fetchurl;
  };
  interpreter = choosePython owner toolchain sources.python python;
  builder = builderFor interpreter;
  files = select {
    inherit owner groups;
    data = sources;
    system = toolchain.target;
    inherit (toolchain) floor;
  };
  ofRuntime = searchPathsOf.merge searchPaths searchPathsRuntime;
  ofSearchPaths = searchPathsOf.libraries name ofRuntime;
  libraries = ofSearchPaths ++ toolchain.runtimeLibraries;
  ofOverrides = builtins.concatMap (
    override: map (library: "${libraryOutput library}/lib") (override.runtimeLibraries or [ ])
  ) (builtins.attrValues overrides);
  ofAll = {
    inherit
      owner
      toolchain
      builder
      libraries
      overrides
      ;
    python = interpreter;
    download = place {
      inherit owner fetchurl;
      folder =
        if sourcesYaml != null then
          dirOf sourcesYaml
        else if sourcesJson != null then
          dirOf sourcesJson
        else
          null;
    };
    prepare = searchPathsOf.script name (searchPathsOf.merge searchPaths searchPathsBuild);
  };
  distributions = makePackages (
    ofAll
    // {
      data = sources;
      join = joinFlags {
        inherit owner toolchain flags;
        inherit (sources) python;
        packages = data: makePackages (ofAll // { inherit data; });
      };
    }
  );
  packages = map (file: distributions.${file.name}) files;
  result = environment {
    inherit
      name
      toolchain
      builder
      packages
      strict
      ignoreCollisions
      ;
    searchPaths = ofRuntime;
    python = interpreter;
    directories = map (library: library.directory) ofSearchPaths ++ ofOverrides;
  };
in
result
// {
  inherit sources;
  packages = builtins.listToAttrs (
    map (value: {
      name = value.pname;
      inherit value;
    }) packages
  );
  report = makeReport {
    inherit
      name
      toolchain
      builder
      packages
      ;
    python = interpreter;
  };
  tests.imports = importCheck {
    inherit toolchain builder packages;
    environment = result;
  };
}
