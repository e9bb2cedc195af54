fixtures:
let
  toolchain = import ../../../lib/toolchain.nix (
    fixtures.packageSet
    // {
      zstd = {
        out = "/zstd-out";
        outPath = "/zstd-bin";
      };
      libxcb = "/libxcb";
      numactl.meta.unsupported = true;
    }
  );
  libraries =
    given: names:
    import ../../../lib/native/sonames.nix (
      {
        inherit toolchain;
        context = "environment \"x\"";
        package = "pyqt6";
      }
      // given
    ) names;
  directories = names: (libraries { } names).found;
in
{
  "a library's directory is that of the output that has libraries" = {
    value = directories [ "libzstd.so.1" ];
    expected = [
      {
        attribute = "zstd";
        directory = "/zstd-out/lib";
      }
    ];
  };

  "several libraries of one package are one directory" = {
    value = map (one: one.attribute) (directories [
      "libxcb-glx.so.0"
      "libxcb-shm.so.0"
    ]);
    expected = [ "libxcb" ];
  };

  "a library that the table lacks, or has not in this version, has no directory" = {
    value = directories [
      "libunheardof.so.1"
      "noversion"
    ];
    expected = [ ];
  };

  "a package for other platforms gives nothing" = {
    value = directories [ "libnuma.so.1" ];
    expected = [ ];
  };

  "what isn't required and the package set lacks is left out" = {
    value = libraries { required = false; } [
      "libpcsclite.so.1"
      "libzstd.so.1"
    ];
    expected = {
      found = [
        {
          attribute = "zstd";
          directory = "/zstd-out/lib";
        }
      ];
      lacking = [ "pcsclite" ];
    };
  };

  "an attribute that the package set lacks is named with what needs it" = {
    value = (builtins.head (directories [ "libpcsclite.so.1" ])).directory;
    throws = "environment \"x\": pyqt6 needs libpcsclite.so.1, which is in `pkgs.pcsclite` by native/sonames.json, but the package set has no such attribute";
  };
}
