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
in
{
  "what an installed package opens is found" = {
    value = opened { };
    expected = [ "/zstd/lib" ];
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
      })
      (opened { files = [ ]; })
    ];
    expected = [
      [ ]
      [ ]
    ];
  };

  "an override switches it off" = {
    value = opened { overrides.idna.nativeLibraries = false; };
    expected = [ ];
  };
}
