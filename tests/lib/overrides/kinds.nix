fixtures:
let
  kinds = import ../../../lib/overrides/kinds.nix;
in
{
  "a package has the kinds of its files on all systems" = {
    value = kinds {
      links = [
        {
          package = "a";
          name = "a-1.0-cp311-cp311-macosx_11_0_arm64.whl";
        }
        {
          package = "a";
          name = "a-1.0.tar.gz";
        }
      ];
      build-links = [
        {
          package = "b";
          name = "b-1.0-py3-none-any.whl";
        }
      ];
    };
    expected = {
      a = [
        "native"
        "sdist"
      ];
      b = [
        "pure"
        "build"
      ];
    };
  };
  "packages that need something of the system are needing" = {
    value = kinds {
      links = [
        {
          package = "a";
          name = "a-1.0-py3-none-any.whl";
        }
        {
          package = "b";
          name = "b-1.0-py3-none-any.whl";
        }
      ];
      native = [
        {
          package = "a";
          version = "1.0";
          opened = [ "libmagic.so" ];
        }
      ];
    };
    expected = {
      a = [
        "pure"
        "needing"
      ];
      b = [ "pure" ];
    };
  };
  "packages of nixpkgs are known" = {
    value = (kinds (fixtures.lock // { packages = [ { name = "tkinter"; from = "nixpkgs"; } ]; })).tkinter;
    expected = [ "nixpkgs" ];
  };
}
