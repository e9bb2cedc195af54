/*
  The environments that scripts/native-table builds: for each package that the lock's requirements
  name, one of it and its dependencies, so that each package fails or passes alone.

  Type: { lock :: string, pkgs } -> {
    checks = { <package> = derivation };
    facts  = { <package> = { version, imports, package :: string } };
  }
*/
{
  lock,
  pkgs ? import <nixpkgs> { },
}:
let
  library = import ../. { inherit pkgs; };
  inherit (library.toolchain) system;
  forSystem = import ../lib/sources/supports-system.nix system;

  all = library.makePythonPypiEnvironment {
    name = "native-packages";
    sourcesYaml = /. + lock;
  };
  inherit (all) sources;
  supported = builtins.filter forSystem sources.packages;
  packageOf = builtins.listToAttrs (
    map (item: {
      inherit (item) name;
      value = item;
    }) supported
  );

  # The names of a package and of all its dependencies, transitively.
  closure =
    name:
    map (item: item.key) (
      builtins.genericClosure {
        startSet = [ { key = name; } ];
        operator =
          { key }:
          map (edge: { key = edge.name; }) (
            builtins.filter forSystem (packageOf.${key}.dependencies or [ ])
          );
      }
    );

  restrict =
    names:
    sources
    // {
      packages = builtins.filter (item: builtins.elem item.name names) supported;
      links = builtins.filter (link: builtins.elem link.package names) sources.links;
      # Builds may use files of the whole environment that this one doesn't have.
      build-links =
        (sources.build-links or [ ])
        ++ builtins.filter (link: !builtins.elem link.package names) sources.links;
    };

  environments = builtins.listToAttrs (
    map
      (name: {
        inherit name;
        value = library.makePythonPypiEnvironment {
          name = "native-${name}";
          sourcesRaw = restrict (closure name);
        };
      })
      (builtins.filter (name: packageOf ? ${name}) sources.groups.default)
  );
in
{
  checks = builtins.mapAttrs (_: environment: environment.tests.imports) environments;
  facts = builtins.mapAttrs (name: environment: {
    inherit (packageOf.${name}) version;
    imports = environment.tests.imports.outPath;
    package = environment.packages.${name}.outPath;
  }) environments;
}
