let
  makeImage = import ./makeOciImage.nix;
  text = import ../text.nix;
  application = import ../derivations/application.nix;
  groupRoot = root: builtins.head (builtins.split "\\[" root);

  # The program of a project that is called as the project is, or its only one.
  programOf =
    name: programs:
    if builtins.length programs == 1 && !builtins.elem name programs then
      builtins.head programs
    else
      name;
in
/*
  Make an application of a project, or of any package of a lock: its own programs in bin/, its man
  pages, completions and desktop files in share/, and nothing of what it depends on.

  All arguments of makePythonPypiEnvironment are arguments, too.

  Type: makePythonPypiApplication :: {
    package     :: string, of the lock, maybe with extras: "httpx[cli]"; by default its only project;
    name        :: string, of the result in the store, by default the package's;
    groups      :: [string], whose packages its programs see beside their own, such as plugins; by
                   default [ "default" ], and none for a project;
    mainProgram :: string, what `nix run` runs, by default the program called as the package is;
    meta        :: attrs, such as `description`, `homepage` and `license`, as in nixpkgs;
  } -> derivation with { environment, package, projects, tests, ociImage, meta, … }

  Example:
    (makePythonPypiApplication { package = "idna"; sourcesYaml = ./sources.yaml; }).meta.mainProgram
    => "idna"
*/
{ toolchain, builderFor }:
let
  makePythonPypiEnvironment = import ./makePythonPypiEnvironment.nix {
    inherit toolchain builderFor;
  };
  onlyProject =
    rest:
    let
      lock = makePythonPypiEnvironment (
        rest
        // {
          name = "application";
          groups = [ ];
        }
      );
      projects = map (project: project.name) (lock.sources.projects or [ ]);
    in
    if builtins.length projects == 1 then
      builtins.head projects
    else
      throw "wheelhouse: an application is made of one package, but the lock has ${
        if projects == [ ] then "no project" else "the projects ${text.enumerate projects}"
      }. Name one of its packages as `package`.";
  make =
    rest:
    {
      package ? onlyProject rest,
      name ? groupRoot package,
      groups ? null,
      mainProgram ? null,
      meta ? { },
    }:
    let
      packageName = groupRoot package;
      environmentWith =
        groups:
        makePythonPypiEnvironment (
          rest
          // {
            name = "${name}-environment";
            inherit groups;
            packages = [ package ] ++ rest.packages or [ ];
          }
        );
      # Which packages a lock's projects are doesn't depend on the groups.
      alone = environmentWith [ ];
      environment =
        if groups != null then
          environmentWith groups
        else if alone.projects ? ${packageName} then
          alone
        else
          environmentWith [ "default" ];
      project = environment.projects.${packageName} or { };
      program =
        if mainProgram != null then
          mainProgram
        else
          programOf packageName (project.programs or [ ]);
      checkedMeta =
        if !builtins.isAttrs meta then
          throw "wheelhouse: `meta` must be a set of attributes such as `description`, but it is a ${builtins.typeOf meta}."
        else if meta ? mainProgram then
          throw "wheelhouse: `meta.mainProgram` is what the argument `mainProgram` says. Write it there."
        else
          meta;
      base =
        application {
          inherit name toolchain;
          # A changed project then costs no new composition of what it depends on.
          environment = environment.dependencies;
          projects = map (project: environment.packages.${project}) (
            builtins.attrNames environment.projects
          );
          ignoreCollisions = rest.ignoreCollisions or [ ];
          builder = builderFor environment.python;
          package = environment.packages.${packageName};
          mainProgram = program;
          hasSearchPaths =
            rest.searchPaths or { } != { }
            || rest.searchPathsRuntime or { } != { }
            || environment.variables != { };
        };
      made =
        base
        // {
          meta = base.meta // checkedMeta;
          inherit environment;
          inherit (environment) projects tests;
          ociImage =
            settings:
            makeImage { inherit toolchain builderFor; } ({ environment = made; } // settings);
        };
    in
    made;
  own = {
    package = null;
    name = null;
    groups = null;
    mainProgram = null;
    meta = null;
  };
in
arguments:
make (removeAttrs arguments (builtins.attrNames own)) (builtins.intersectAttrs own arguments)
