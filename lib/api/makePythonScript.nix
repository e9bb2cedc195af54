let
  makeImage = import ./makeOciImage.nix;
  makeScript = import ../derivations/script.nix;
  own = {
    script = null;
    name = null;
  };
  locks = [
    "sourcesYaml"
    "sourcesJson"
    "sourcesRaw"
  ];

  withoutSuffix =
    file:
    let
      found = builtins.match "(.+)[.]py" file;
    in
    if found == null then file else builtins.head found;
in
/*
  Make a program of a Python script and its lock. The script may be given alone: its lock is then the
  file that `lock thing.py` writes beside it, `thing.py.sources.yaml`.

  All arguments of makePythonPypiEnvironment are arguments, too.

  Type: makePythonScript :: {
    script :: path, of the script;
    name   :: string, of the program and in the store, by default the script's without `.py`;
  } -> derivation with { environment, tests, ociImage, meta, … }

  Example:
    (makePythonScript { script = ./thing.py; sourcesYaml = ./sources.yaml; }).meta.mainProgram
    => "thing"
*/
{ toolchain, builderFor }:
let
  makePythonPypiEnvironment = import ./makePythonPypiEnvironment.nix {
    inherit toolchain builderFor;
  };

  make =
    rest:
    {
      script,
      name ? withoutSuffix (builtins.unsafeDiscardStringContext (baseNameOf script)),
    }:
    let
      beside = script + ".sources.yaml";
      lock =
        if builtins.any (lock: rest ? ${lock}) locks then
          { }
        else if builtins.pathExists beside then
          { sourcesYaml = beside; }
        else
          throw "wheelhouse: script \"${name}\": there is no lock ${baseNameOf beside} beside it. Run `lock ${baseNameOf script}`; in a git repository, `git add` it as well. Or give another one as `sourcesYaml`.";
      environment = makePythonPypiEnvironment (rest // lock // { name = "${name}-environment"; });
      made =
        makeScript {
          inherit
            name
            toolchain
            environment
            script
            ;
          builder = builderFor environment.python;
          hasSearchPaths =
            rest.searchPaths or { } != { }
            || rest.searchPathsRuntime or { } != { }
            || environment.variables != { };
        }
        // {
          inherit environment;
          inherit (environment) tests;
          ociImage =
            settings:
            makeImage { inherit toolchain builderFor; } ({ environment = made; } // settings);
        };
    in
    made;
in
arguments:
let
  given =
    if builtins.isAttrs arguments && !(arguments ? outPath) then
      arguments
    else
      { script = arguments; };
in
if !(given ? script) then
  throw "wheelhouse: makePythonScript needs a script, as in `makePythonScript ./thing.py` or `makePythonScript { script = ./thing.py; }`."
else if builtins.substring 0 1 (toString given.script) != "/" then
  throw "wheelhouse: makePythonScript: `script` is no path but \"${toString given.script}\". Write it as in `script = ./thing.py;`, without quotes."
else
  make (removeAttrs given (builtins.attrNames own)) (builtins.intersectAttrs own given)
