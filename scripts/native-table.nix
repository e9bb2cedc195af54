/*
  The environments that scripts/native-table builds: for each package that the lock's requirements
  name, one of it and its dependencies, so that each package fails or passes alone.

  `arguments` are functions of the package set that return arguments of makePythonPypiEnvironment:
  what an error says to paste.

  Type: { lock, system :: string, arguments :: [pkgs -> attrs], pkgs } -> {
    checks, environments = { <package> = derivation };
    facts  = { <package> = { version, imports, package :: string } };
  }
*/
{
  lock,
  system ? builtins.currentSystem,
  arguments ? [ ],
  pkgs ? import <nixpkgs> { inherit system; },
}:
let
  library = import ../. { inherit pkgs; };
  forSystem = import ../lib/sources/supports-system.nix library.toolchain.system;

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

  pasted = map (function: function pkgs) arguments;
  # Lists of several lines for one key are joined, as a person would.
  add =
    overrides: _: prev:
    builtins.mapAttrs (
      name:
      builtins.mapAttrs (
        key: value: if builtins.isList value then (prev.${name}.${key} or [ ]) ++ value else value
      )
    ) overrides;
  given = {
    overrides = map (one: add (one.overrides or { })) pasted;
    searchPaths.rpath = builtins.concatMap (one: one.searchPaths.rpath or [ ]) pasted;
  };

  environments = builtins.listToAttrs (
    map
      (name: {
        inherit name;
        value = library.makePythonPypiEnvironment (
          {
            name = "native-${name}";
            sourcesRaw = restrict (closure name);
          }
          // (if pasted == [ ] then { } else given)
        );
      })
      (builtins.filter (name: packageOf ? ${name}) sources.groups.default)
  );
in
{
  inherit environments;
  checks = builtins.mapAttrs (_: environment: environment.tests.imports) environments;
  facts = builtins.mapAttrs (name: environment: {
    inherit (packageOf.${name}) version;
    imports = environment.tests.imports.outPath;
    package = environment.packages.${name}.outPath;
  }) environments;
}
