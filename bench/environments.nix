# What is measured: an environment of a set's lock. `salt` makes every package of it a new one,
# so that nothing is built already: it names the drivers' folder, which all packages are told.
{
  set,
  salt ? null,
  lock ? ./sets + "/${set}/sources.yaml",
  name ? set,
  server ? null,
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
  environment = library.makePythonPypiEnvironment {
    inherit name;
    sourcesYaml = lock;
  };
in
rec {
  inherit environment;
  inherit (environment) packages;
  links = import ../lib/sources/select.nix {
    owner = set;
    data = environment.sources;
    inherit (toolchain) system floor;
  };
  # What Nix itself takes for a derivation with the inputs of the environment's, and for as many
  # derivations as the environment has packages.
  floor = empty {
    inherit name;
    packages = builtins.attrValues packages;
  };
  floors = map (package: empty { name = "${package.name}-${toString salt}"; }) (
    builtins.attrValues packages
  );
  # What Nix takes to hash and register the same files, where all that the builder does is to copy
  # them. The shell outlives the copying: Nix kills what has closed its output and not ended yet.
  copies = map (
    package:
    empty {
      name = "${package.name}-${toString salt}-copy";
      args = [
        "-c"
        "${pkgs.coreutils}/bin/cp -r ${package} $out; exit $?"
      ];
    }
  ) (builtins.attrValues packages);
  # The files of the lock, downloaded; and the same from a server on this machine.
  files = map (import ../lib/fetch.nix) links;
  served = map (link: import ../lib/fetch.nix (link // { url = "${server}/${link.name}"; })) links;
}
