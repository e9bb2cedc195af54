/*
  What the bench measures: the environment of a set's lock, and derivations to compare it with.

  `salt` gives every package another derivation, so that nothing is built already: it is part of
  the drivers' folder, which every package's derivation names. `server` is the address of a server
  that has the files of the lock. `groups` are the lock's groups that the environment has.
*/
{
  set,
  salt ? null,
  lock ? ./sets + "/${set}/sources.yaml",
  name ? set,
  server ? null,
  groups ? [ "default" ],
}:
let
  pkgs = import <nixpkgs> { };
  toolchain = import ../lib/toolchain.nix pkgs;
  salted = if salt == null then toolchain else toolchain // { driverPath = "/run/${salt}"; };
  library = import ../lib salted;
  empty =
    arguments:
    derivation (
      {
        system = builtins.currentSystem;
        builder = "/bin/sh";
        args = [
          "-c"
          "echo > $out"
        ];
      }
      // arguments
    );
  makeEnvironment =
    arguments:
    library.makePythonPypiEnvironment (
      {
        inherit name groups;
        sourcesYaml = lock;
      }
      // arguments
    );
  environment = makeEnvironment { };
in
rec {
  inherit environment;
  withHostDriver = makeEnvironment { driver = "host"; };
  # Of the large set, with a patch for each of twenty packages.
  overridden = makeEnvironment {
    overrides = builtins.listToAttrs (
      map
        (name: {
          inherit name;
          value.patches = [ "/fix.patch" ];
        })
        [
          "aiohttp"
          "bokeh"
          "celery"
          "cryptography"
          "dask"
          "django"
          "fastapi"
          "flask"
          "httpx"
          "jupyterlab"
          "lxml"
          "matplotlib"
          "numpy"
          "openai"
          "pandas"
          "pillow"
          "plotly"
          "pytest"
          "pyyaml"
          "rich"
        ]
    );
  };
  inherit (environment) packages;
  links = import ../lib/sources/select.nix {
    context = set;
    data = environment.sources;
    inherit (toolchain) system floor;
  };
  # Show how long Nix itself takes for a derivation with the environment's inputs, and for as many
  # derivations as the environment has packages.
  emptyEnvironment = empty {
    inherit name;
    packages = builtins.attrValues packages;
  };
  emptyPackages = map (package: empty { name = "${package.name}-${toString salt}"; }) (
    builtins.attrValues packages
  );
  # Show how long Nix takes to hash and register the same files: their builders only copy them.
  # `exit` keeps the shell from replacing itself with cp, which closes its output before it exits:
  # Nix 2.8 kills such a builder.
  copiedPackages = map (
    package:
    empty {
      name = "${package.name}-${toString salt}-copy";
      args = [
        "-c"
        "${pkgs.coreutils}/bin/cp -r ${package} $out; exit $?"
      ];
    }
  ) (builtins.attrValues packages);
  # The files of the lock, from the index and from the server.
  files = map (import ../lib/derivations/download.nix) links;
  localFiles = map (
    link: import ../lib/derivations/download.nix (link // { url = "${server}/${link.name}"; })
  ) links;
}
