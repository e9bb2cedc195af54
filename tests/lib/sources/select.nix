fixtures:
let
  inherit (fixtures) lock;
  select = import ../../../lib/sources/select.nix;
  selectedFiles =
    system: floor:
    map (file: file.name) (select {
      context = "environment \"x\"";
      data = lock;
      inherit system floor;
    });
in
{
  "only files of the groups are taken" = {
    value = map (file: file.package) (select {
      context = "environment \"x\"";
      data = lock // {
        groups = {
          default = [ "idna" ];
          dev = [ "native" ];
        };
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    });
    expected = [ "idna" ];
  };
  "a system gets its own files and those for all" = {
    value = selectedFiles "x86_64-linux" { glibc = "2.36"; };
    expected = [
      "idna-3.10-py3-none-any.whl"
      "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    ];
  };
  "a system that is not locked is named with the remedy" = {
    value = selectedFiles "riscv64-linux" { };
    throws = "not for \"riscv64-linux\". Lock again with that system";
  };
  "a platform older than the lock's floor is refused" = {
    value = selectedFiles "x86_64-linux" { glibc = "2.31"; };
    throws = "the lock is for glibc 2.35 or newer on \"x86_64-linux\", but the package set has 2.31";
  };
  "versions of the platform compare as numbers" = {
    value = builtins.length (selectedFiles "x86_64-linux" { glibc = "2.100"; });
    expected = 2;
  };
  "a package without a file is named" = {
    value = select {
      context = "environment \"x\"";
      data = lock // {
        links = [ ];
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    };
    throws = "the lock lists \"idna\", \"native\" for \"x86_64-linux\", but no file of it";
  };
  "two files of one package are named" = {
    value = select {
      context = "environment \"x\"";
      data = lock // {
        links = lock.links ++ [ (builtins.head lock.links) ];
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    };
    throws = "several files of \"idna\"";
  };
}
