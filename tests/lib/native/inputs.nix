fixtures:
let
  toolchain = import ../../../lib/toolchain.nix (
    fixtures.packageSet
    // {
      bzip2 = "/bzip2";
      libpq = {
        outPath = "/libpq";
        pg_config = "/pg_config";
      };
      libcap = throw "libcap has been removed";
      openssl = "/openssl";
      pkg-config = "/pkg-config";
      swig = "/swig";
      alsa-lib = {
        outPath = "/alsa-lib";
        meta.unsupported = true;
      };
    }
  );
  inputs = inputsOf { };
  inputsOf =
    given:
    import ../../../lib/native/inputs.nix (
      {
        inherit toolchain;
        context = "environment \"x\"";
        package = "demo";
      }
      // given
    );
  attributes = needs: builtins.mapAttrs (_: map (one: one.attribute or one)) (inputs needs);
in
{
  "a header is in a library, by itself or by its folder" = {
    value = inputs {
      headers = [
        "openssl/ssl.h"
        "zstd.h"
      ];
    };
    expected = {
      buildInputs = [
        {
          attribute = "openssl";
          derivation = "/openssl";
        }
        {
          attribute = "zstd";
          derivation = "/zstd";
        }
      ];
      lacking = [ ];
      nativeBuildInputs = [ ];
    };
  };

  "a module of pkg-config brings pkg-config" = {
    value = attributes { pkg-config = [ "libzstd" ]; };
    expected = {
      buildInputs = [ "zstd" ];
      lacking = [ ];
      nativeBuildInputs = [ "pkg-config" ];
    };
  };

  "a program may come with its library" = {
    value = attributes {
      programs = [
        "pg_config"
        "swig"
      ];
    };
    expected = {
      buildInputs = [ "libpq" ];
      lacking = [ ];
      nativeBuildInputs = [
        "libpq.pg_config"
        "swig"
      ];
    };
  };

  "an attribute stands once, whatever asks for it" = {
    value = attributes {
      cmake = [ "zstd" ];
      headers = [ "zstd.h" ];
      linked = [
        "bz2"
        "zstd"
      ];
      pkg-config = [ "libzstd" ];
    };
    expected = {
      buildInputs = [
        "bzip2"
        "zstd"
      ];
      lacking = [ ];
      nativeBuildInputs = [ "pkg-config" ];
    };
  };

  "what the tables lack, and what the package set has for other platforms, gives nothing" = {
    value = attributes {
      headers = [
        "alsa/asoundlib.h"
        "unheard.h"
      ];
      linked = [ "unheard" ];
      programs = [ "unheard" ];
    };
    expected = {
      buildInputs = [ ];
      lacking = [ ];
      nativeBuildInputs = [ ];
    };
  };

  "an attribute that the package set lacks on macOS gives nothing there" = {
    value =
      (inputsOf {
        required = true;
        toolchain = toolchain // {
          libc = "libSystem";
        };
      } { headers = [ "pcap.h" ]; }).buildInputs;
    expected = [ ];
  };

  "what the package set lacks or has removed is left out and named" = {
    value = attributes {
      headers = [
        "pcap.h"
        "sys/capability.h"
        "zstd.h"
      ];
      programs = [ "protoc" ];
    };
    expected = {
      buildInputs = [ "zstd" ];
      lacking = [
        "libcap"
        "libpcap"
        "protobuf"
      ];
      nativeBuildInputs = [ ];
    };
  };

  "an attribute that is required and that the package set has removed is named" = {
    value = (inputsOf { required = true; } { headers = [ "sys/capability.h" ]; }).buildInputs;
    throws = "environment \"x\": demo needs the header sys/capability.h, which is in `pkgs.libcap` by native/headers.json, but the package set has no such attribute";
  };

  "an attribute that is required and that the package set lacks is named" = {
    value = (inputsOf { required = true; } { headers = [ "pcap.h" ]; }).buildInputs;
    throws = "environment \"x\": demo needs the header pcap.h, which is in `pkgs.libpcap` by native/headers.json, but the package set has no such attribute";
  };
}
