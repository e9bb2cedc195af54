let
  text = import ./text.nix;

  systems = [
    "aarch64-darwin"
    "aarch64-linux"
    "x86_64-darwin"
    "x86_64-linux"
  ];

  # The last branch of nixpkgs that has a system.
  lastBranches.x86_64-darwin = "nixpkgs-26.05-darwin";

  tell = builtins.warn or builtins.trace;
in
/*
  Apply a function to the library of each system that a flake's package set has. A system that the
  package set has dropped is left out. nixpkgs keeps the name of such a system for a while, with a
  package set that throws: what is made for it is `{ }` then, so that the others can be shown and
  checked, and a line says so. No package set is evaluated before its system is asked for.

  Type: eachSystem :: (pkgs -> library) -> flake -> (library -> a) -> { <system> = a; }

  Example:
    eachSystem (pkgs: library) { legacyPackages.x86_64-linux = pkgs; } (_library: "made")
    => { x86_64-linux = "made"; }
*/
mkLib: flake: make:
let
  packageSets =
    flake.legacyPackages
      or (throw "wheelhouse: `eachSystem` takes a flake that has package sets as `legacyPackages`, as `eachSystem nixpkgs` does, and not a package set: `mkLib pkgs` is for one of those.");
  offered = builtins.filter (system: packageSets ? ${system}) systems;
  evaluates = system: (builtins.tryEval (builtins.isAttrs packageSets.${system})).success;
  # Where none evaluates, something else is wrong, which nixpkgs' own message says.
  dropped = system: !evaluates system && builtins.any evaluates offered;
  hint =
    system:
    if lastBranches ? ${system} then
      " The last branch of nixpkgs with it is ${lastBranches.${system}}."
    else
      "";
in
if offered == [ ] then
  throw "wheelhouse: the flake given to `eachSystem` has package sets for ${text.enumerate (builtins.attrNames packageSets)}, but for none of ${text.enumerate systems}."
else
  builtins.listToAttrs (
    map (system: {
      name = system;
      value =
        if dropped system then
          tell "wheelhouse: there are no outputs for ${system}, since the package set for it doesn't evaluate.${hint system}" { }
        else
          make (mkLib packageSets.${system});
    }) offered
  )
