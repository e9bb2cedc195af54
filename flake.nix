{
  description = "Python environments from the package index";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      project = self.lib.eachSystem nixpkgs (import ./project.nix);
      output = name: builtins.mapAttrs (_system: made: made.${name} or { }) project;
    in
    {
      lib = {
        /*
          The version of wheelhouse, the same as `lock --version` prints.

          Type: version :: string
        */
        version = (builtins.fromTOML (builtins.readFile ./pyproject.toml)).project.version;

        /*
          Make the library of a package set.

          Type: mkLib :: pkgs -> library

          Example:
            (mkLib nixpkgs.legacyPackages.x86_64-linux).makePythonPypiEnvironment { … }
            => «derivation …»
        */
        mkLib = pkgs: import ./default.nix { inherit pkgs; };

        /*
          Apply a function to the library of each system that the flake's package set has.

          Type: eachSystem :: flake -> (library -> a) -> { <system> = a; }

          Example:
            eachSystem nixpkgs (library: library.lock)
            => { x86_64-linux = «derivation …»; … }
        */
        eachSystem = import ./lib/each-system.nix self.lib.mkLib;
      };

      # Nix before 2.19 wants these two names.
      overlays.default = final: prev: {
        inherit (self.lib.mkLib final) makePythonPypiEnvironment;
      };

      # For flakes that are made with flake-parts.
      flakeModules.default = import ./modules/flake-parts.nix self.lib.mkLib;

      templates = builtins.mapAttrs (name: description: {
        path = ./templates + "/${name}";
        inherit description;
      }) (builtins.fromJSON (builtins.readFile ./templates/descriptions.json));

      packages = output "packages";
      apps = output "apps";
      devShells = output "devShells";
      checks = output "checks";

      # For the systems that Hydra has builders of.
      hydraJobs = builtins.mapAttrs (_output: builtins.intersectAttrs { x86_64-linux = null; }) {
        inherit (self) packages checks devShells;
      };
    };
}
