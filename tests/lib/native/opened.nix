fixtures:
let
  toolchain = import ../../../lib/toolchain.nix fixtures.packageSet;
  opened =
    given:
    import ../../../lib/native/opened.nix (
      {
        inherit toolchain;
        context = "environment \"x\"";
        overrides = { };
        needs = [
          {
            package = "idna";
            version = "3.10";
            opened = [ "libzstd.so" ];
          }
        ];
        files = [
          {
            package = "idna";
            version = "3.10";
          }
        ];
      }
      // given
    );
  lacked = {
    package = "idna";
    version = "3.10";
    opened = [
      "libpcsclite.so.1"
      "libzstd.so"
    ];
  };
in
{
  "what an installed package opens is found" = {
    value = opened { };
    expected = {
      directories = [ "/zstd/lib" ];
      lacking = [ ];
    };
  };

  "another version, or a package that isn't installed, needs nothing" = {
    value = [
      (opened {
        files = [
          {
            package = "idna";
            version = "3.11";
          }
        ];
      }).directories
      (opened { files = [ ]; }).directories
    ];
    expected = [
      [ ]
      [ ]
    ];
  };

  "an override switches it off" = {
    value = (opened { overrides.idna.nativeLibraries = false; }).directories;
    expected = [ ];
  };

  "what the package set lacks is left out and named" = {
    value = opened { needs = [ lacked ]; };
    expected = {
      directories = [ "/zstd/lib" ];
      lacking = [ "pcsclite" ];
    };
  };

  "what the package set lacks and an override asks for is an error" = {
    value =
      (opened {
        needs = [ lacked ];
        overrides.idna.nativeLibraries = true;
      }).directories;
    throws = "environment \"x\": idna needs libpcsclite.so.1, which is in `pkgs.pcsclite` by native/sonames.json, but the package set has no such attribute";
  };
}
