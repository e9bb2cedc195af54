/*
  What scripts/native-table builds: for each package that a lock was asked for, an environment of it
  and of what it needs, so that no package's failure is another's.

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
  serves = import ../lib/sources/serves.nix system;

  whole = library.makePythonPypiEnvironment {
    name = "native-packages";
    sourcesYaml = /. + lock;
  };
  inherit (whole) sources;
  serving = builtins.filter serves sources.packages;
  packageOf = builtins.listToAttrs (
    map (item: {
      inherit (item) name;
      value = item;
    }) serving
  );

  # The names of a package and of all that it needs.
  closure =
    name:
    map (item: item.key) (
      builtins.genericClosure {
        startSet = [ { key = name; } ];
        operator =
          { key }:
          map (edge: { key = edge.name; }) (builtins.filter serves (packageOf.${key}.dependencies or [ ]));
      }
    );

  restrict =
    names:
    sources
    // {
      packages = builtins.filter (item: builtins.elem item.name names) serving;
      links = builtins.filter (link: builtins.elem link.package names) sources.links;
      # A file that the environment and a build share is now the build's alone.
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
