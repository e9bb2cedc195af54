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
  inputs = import ../../../lib/native/inputs.nix {
    inherit toolchain;
    context = "environment \"x\"";
    package = "demo";
  };
  attributes = needs: builtins.mapAttrs (_: map (one: one.attribute)) (inputs needs);
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
      nativeBuildInputs = [ ];
    };
  };

  "a module of pkg-config brings pkg-config" = {
    value = attributes { pkg-config = [ "libzstd" ]; };
    expected = {
      buildInputs = [ "zstd" ];
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
      nativeBuildInputs = [ ];
    };
  };

  "an attribute that the package set lacks on macOS gives nothing there" = {
    value =
      (import ../../../lib/native/inputs.nix {
        toolchain = toolchain // {
          libc = "libSystem";
        };
        context = "environment \"x\"";
        package = "demo";
      } { headers = [ "pcap.h" ]; }).buildInputs;
    expected = [ ];
  };

  "an attribute that the package set has removed is named with what asks for it" = {
    value = attributes { headers = [ "sys/capability.h" ]; };
    throws = "environment \"x\": demo needs the header sys/capability.h, which is in `pkgs.libcap` by native/headers.json, but the package set has no such attribute";
  };

  "an attribute that the package set lacks is named with what asks for it" = {
    value = attributes { headers = [ "pcap.h" ]; };
    throws = "environment \"x\": demo needs the header pcap.h, which is in `pkgs.libpcap` by native/headers.json, but the package set has no such attribute";
  };
}
