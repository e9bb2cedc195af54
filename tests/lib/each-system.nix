fixtures:
let
  inherit (fixtures) packageSet;
  eachSystem = import ../../lib/each-system.nix (pkgs: { inherit pkgs; });
  dropped = throw "wheelhouse: dropped support for this system";
  flake = {
    legacyPackages = {
      aarch64-darwin = packageSet;
      x86_64-darwin = dropped;
      x86_64-linux = packageSet;
      riscv64-linux = packageSet;
    };
  };
in
{
  "systems that the package set lacks are left out" = {
    value = builtins.attrNames (eachSystem flake (library: library));
    expected = [
      "aarch64-darwin"
      "x86_64-darwin"
      "x86_64-linux"
    ];
  };
  "a system whose package set throws has nothing, and the others are as they are" = {
    value = eachSystem flake (library: library.pkgs.bash);
    expected = {
      aarch64-darwin = "/bash";
      x86_64-darwin = { };
      x86_64-linux = "/bash";
    };
  };
  "no package set is evaluated for the outputs of another system" = {
    value =
      (eachSystem {
        legacyPackages = {
          aarch64-linux = builtins.abort "evaluated";
          x86_64-linux = packageSet;
        };
      } (library: library.pkgs.bash)).x86_64-linux;
    expected = "/bash";
  };
  "where no package set evaluates, its own message is shown" = {
    value = eachSystem { legacyPackages.x86_64-linux = dropped; } (library: library);
    throws = "dropped support for this system";
  };
  "what a function throws is shown" = {
    value = eachSystem flake (_library: throw "wheelhouse: a message of the user's");
    throws = "a message of the user's";
  };
  "a package set in place of a flake is refused" = {
    value = eachSystem packageSet (library: library);
    throws = "takes a flake that has package sets as `legacyPackages`";
  };
  "a flake for other systems is refused" = {
    value = eachSystem { legacyPackages.riscv64-linux = packageSet; } (library: library);
    throws = "has package sets for \"riscv64-linux\", but for none of";
  };
}
