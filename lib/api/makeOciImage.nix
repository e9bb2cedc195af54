let
  check = import ../image/check.nix;
  image = import ../derivations/image.nix;
  platformOf = import ../image/platform.nix;
  storePaths = import ../image/store-paths.nix;
  text = import ../text.nix;
  userOf = import ../image/user.nix;

  # An attrset with an empty value for each name, as images list ports and folders.
  setOf =
    names:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = { };
      }) names
    );
  unique = names: builtins.attrNames (setOf names);
in
/*
  Make an image of containers of an environment or an application. The result is a folder by the
  image layout of the Open Container Initiative; no Docker is needed. Its layers are derivations, so
  that a changed package costs one layer and the last.

  Type: makeOciImage :: {
    environment  :: derivation, of makePythonPypiEnvironment or makePythonPypiApplication;
    name         :: string, by default the environment's;
    tag          :: string, by default "latest";
    entrypoint   :: [string], by default the main program of an application, and none otherwise;
    command      :: [string], arguments of the entrypoint, or what runs without one: by default Python
                    in an environment;
    env          :: { <variable> = string };
    user         :: string, a name or numbers, by default "root";
    workingDir   :: string, by default "/";
    exposedPorts :: [int | string], such as 8000 or "53/udp";
    volumes      :: [string], folders;
    labels       :: { <label> = string };
    created      :: int, seconds since 1970, by default 1;
    contents     :: [derivation], further packages, whose programs are on PATH;
    files        :: { <path> = path | derivation }, links in the image to files or folders;
  } -> derivation with { dockerArchive, stream, … }

  Example:
    makeOciImage { environment = env; entrypoint = [ "python" "-m" "example" ]; user = "app"; }
    => «derivation /nix/store/…-image-example.drv»
*/
{ toolchain, builderFor }:
let
  make =
    {
      environment,
      name,
      tag ? "latest",
      entrypoint ? null,
      command ? null,
      env ? { },
      user ? "root",
      workingDir ? "/",
      exposedPorts ? [ ],
      volumes ? [ ],
      labels ? { },
      created ? 1,
      contents ? [ ],
      files ? { },
    }:
    let
      context = "image \"${name}\"";
      platform = platformOf context toolchain.system;
      # Of an application, it is what the programs run in.
      installed = environment.environment or environment;
      isApplication = environment ? environment;
      account = userOf user;
      path = builtins.concatStringsSep ":" (
        map (package: "${package}/bin") ([ environment ] ++ contents)
      );
      started =
        if entrypoint != null then
          entrypoint
        else if isApplication then
          [ "${environment}/bin/${environment.meta.mainProgram}" ]
        else
          [ ];
      config = {
        Entrypoint = started;
        Cmd =
          if command != null then
            command
          # An application has no Python of its own.
          else if started == [ ] && !isApplication then
            [ "${environment}/bin/python" ]
          else
            [ ];
        Env =
          let
            variables = {
              PATH = path;
            }
            // (if account == null then { } else { HOME = account.home; })
            // env;
          in
          map (variable: "${variable}=${variables.${variable}}") (builtins.attrNames variables);
        # Kubernetes knows only of numbers that they aren't root's.
        User = if account == null then "" else "${toString account.uid}:${toString account.gid}";
        WorkingDir = workingDir;
        ExposedPorts = setOf (
          map (port: if builtins.isInt port then "${toString port}/tcp" else port) exposedPorts
        );
        Volumes = setOf volumes;
        Labels = labels;
      };
      links = builtins.mapAttrs (_place: file: "${file}") files;
      last = [
        environment
      ]
      # An application is a layer on the environment without projects.
      ++ (if isApplication then [ installed.dependencies ] else [ ])
      ++ map (project: installed.packages.${project}) (builtins.attrNames installed.projects)
      # The user's own files change as a project does; others are those of packages.
      ++ map (file: "${file}") (builtins.filter builtins.isPath (builtins.attrValues files));
    in
    image {
      inherit toolchain;
      inherit (installed) python;
      builder = builderFor installed.python;
      image = {
        inherit
          name
          tag
          created
          platform
          config
          ;
      };
      root = {
        inherit links;
        user = account;
        # A folder of the store is there, and belongs to nobody else.
        folders = unique (
          volumes ++ (if text.hasPrefix "/nix/" workingDir then [ ] else [ workingDir ])
        );
      };
      packages = removeAttrs installed.packages (builtins.attrNames installed.projects);
      links = installed.sources.links or [ ];
      inherit last;
      roots = storePaths (builtins.toJSON [
        config
        links
      ]);
    };
  known = builtins.attrNames (builtins.functionArgs make);
in
arguments:
let
  environment =
    if !(arguments ? environment) then
      throw "wheelhouse: makeOciImage needs `environment`, a result of makePythonPypiEnvironment or makePythonPypiApplication."
    else if !(arguments.environment ? packages || arguments.environment ? environment) then
      throw "wheelhouse: makeOciImage: `environment` must be a result of makePythonPypiEnvironment or makePythonPypiApplication. Name other packages in `contents`."
    else
      arguments.environment;
in
builtins.seq environment make (check {
  context = "the image of \"${environment.name}\"";
  inherit known;
  arguments = {
    name = text.lowered environment.name;
  }
  // arguments;
})
