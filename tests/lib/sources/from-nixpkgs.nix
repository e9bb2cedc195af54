_fixtures:
let
  names =
    given:
    map (package: package.name) (
      import ../../../lib/sources/from-nixpkgs.nix (
        {
          context = "environment \"x\"";
          system = "x86_64-linux";
          groups = [ "default" ];
          data = {
            groups = {
              default = [ "matplotlib" ];
              dev = [ "libvirt-python" ];
            };
            packages = [
              {
                name = "libvirt-python";
                from = "nixpkgs";
              }
              {
                name = "matplotlib";
                dependencies = [ { name = "tkinter"; } ];
              }
              {
                name = "pyobjc";
                from = "nixpkgs";
                systems = [ "aarch64-darwin" ];
              }
              {
                name = "tkinter";
                from = "nixpkgs";
              }
            ];
          };
        }
        // given
      )
    );
in
{
  "a group has what its packages need" = {
    value = names { };
    expected = [ "tkinter" ];
  };
  "all groups have all of the system" = {
    value = names {
      groups = [
        "default"
        "dev"
      ];
    };
    expected = [
      "libvirt-python"
      "tkinter"
    ];
  };
  "a further package may be one of them" = {
    value = names {
      groups = [ ];
      roots = [ "libvirt-python" ];
    };
    expected = [ "libvirt-python" ];
  };
  "another source than nixpkgs is refused" = {
    value = names {
      data.packages = [
        {
          name = "gdal";
          from = "conda";
        }
      ];
    };
    throws = "environment \"x\": the lock takes \"gdal\" from \"conda\", which this version of wheelhouse doesn't know";
  };
}
