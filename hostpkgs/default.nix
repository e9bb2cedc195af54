# The package set. Attributes have nixpkgs' names and meaning; there are few of them.
# `config` and further arguments of nixpkgs are accepted and have no effect.
{
  system ? builtins.currentSystem,
  overlays ? [ ],
  ...
}:
let
  all = builtins.fromJSON (builtins.readFile ./seeds.json);
  isSuite = all ? systems;
  # another system has the same names
  seeds =
    if isSuite then
      all.systems.${system} or (builtins.head (builtins.attrValues all.systems))
    else
      all;
  machine =
    if system != seeds.system then
      import ./foreign.nix {
        inherit seeds system;
        whose = if isSuite then "Debian's suite ${all.suite}" else "the host package set";
      }
    else if isSuite then
      import ./suite.nix { inherit all system; }
    else
      import ./native.nix { inherit seeds system; };
  platform = import ./platform.nix system;

  pythons = builtins.mapAttrs (
    minor: seed:
    let
      python =
        machine.python minor seed
        // import ./python-attributes.nix machine.python minor seed
        // {
          pkgs = machine.pythonPackages minor python;
        };
    in
    python
  ) seeds.pythons;
  # a suite says which one is its own
  default = if isSuite then seeds.python else newest;
  newest = builtins.foldl' (
    best: minor:
    if
      builtins.compareVersions minor "3.11" >= 0
      && builtins.compareVersions minor best > 0
    then
      minor
    else
      best
  ) "" (builtins.attrNames pythons);

  names = import ./attributes.nix;
  offered =
    names.tools
    // names.bundles
    // builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) (names.libraries ++ [ "bash" "glibc" "patchelf" "uv" ])
    );

  nested = builtins.filter (name: name != null) (
    map (builtins.match "([^.]+)[.]([^.]+)") names.libraries
  );

  fromSource =
    pkgs:
    import ./from-source.nix {
      inherit
        machine
        pkgs
        platform
        system
        ;
      sources = all.sources or { };
    };

  base =
    final:
    import ./stdenv.nix { inherit machine platform system; }
    // (
      if machine ? bootstrap then
        (fromSource final).freeThreaded // { inherit (fromSource final) pkgsMusl; }
      else
        { }
    )
    // {
      inherit system;
      path = ./.;
      bashInteractive = final.bash;
      addDriverRunpath.driverLink = "/run/opengl-driver";
      pythonManylinuxPackages = import ./manylinux.nix final;
      python3 =
        if default != "" then
          pythons.${default}
        else if isSuite then
          throw "hostpkgs: Debian's suite ${all.suite} has no python3."
        else
          throw "hostpkgs: this machine has no CPython from 3.11 on, which the host package set needs; install one (apt-get install python3, or pyenv) or use a machine that reaches nixpkgs.";
      python3Packages = final.python3.pkgs;
    }
    // builtins.intersectAttrs offered (
      builtins.removeAttrs machine (map (builtins.concatStringsSep ".") nested)
    )
    # names such as llvmPackages.openmp
    // builtins.mapAttrs (
      _: names:
      builtins.listToAttrs (
        map (name: {
          name = builtins.elemAt name 1;
          value = machine.${builtins.concatStringsSep "." name};
        }) names
      )
    ) (builtins.groupBy builtins.head nested)
    // builtins.listToAttrs (
      builtins.concatMap (
        minor:
        let
          name = "python${builtins.replaceStrings [ "." ] [ "" ] minor}";
        in
        [
          {
            inherit name;
            value = pythons.${minor};
          }
          {
            name = "${name}Packages";
            value = final.${name}.pkgs;
          }
        ]
      ) (builtins.attrNames pythons)
    );

  fix =
    overlaid:
    let
      final = overlaid final;
    in
    final;
  extended =
    overlaid: overlay: final:
    let
      previous = overlaid final;
    in
    previous // overlay final previous;
  withExtend =
    overlaid:
    fix (
      final:
      overlaid final
      // {
        extend = overlay: withExtend (extended overlaid overlay);
      }
    );
in
withExtend (builtins.foldl' extended base overlays)
