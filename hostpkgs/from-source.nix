# Interpreters compiled from their sources: free-threaded ones, which Debian has no package of, and
# `pkgsMusl`, a package set on musl with one Python. Nothing is downloaded or built before it is used.
#
# `sources` are those of Debian's suite, name → version, url, sha256; sources.json has others for
# where the suite lacks one, and those that need no more than a compiler and make.
#
# Type: { machine, platform, pkgs, system, sources } -> { freeThreaded :: AttrSet; pkgsMusl :: AttrSet; }
{
  machine,
  platform,
  pkgs,
  system,
  sources,
}:
let
  inherit (machine) bootstrap mirror;
  inherit (bootstrap) fetchurl;
  pinned = builtins.mapAttrs (_: pin: pin // { url = mirror + pin.path; }) (
    builtins.fromJSON (builtins.readFile ./sources.json)
  );
  known = pinned // sources;

  minors = builtins.filter (minor: builtins.compareVersions minor "3.13" >= 0) (
    builtins.concatMap (
      name:
      let
        found = builtins.match "python(3[.][0-9]+)" name;
      in
      if found == null then [ ] else found
    ) (builtins.attrNames known)
  );

  # What a seed of python-attributes.nix is, besides.
  described =
    minor: freeThreading: packages: python:
    python
    // import ./python-attributes.nix (_: _: python) minor {
      inherit (known."python${minor}") version;
      inherit freeThreading;
    }
    // {
      pkgs = packages;
    };
  cpython =
    arguments:
    import ./cpython.nix (
      {
        inherit fetchurl;
        inherit (bootstrap) patchelf;
        builder = bootstrap.interpreter;
        source = known."python${arguments.minor}";
      }
      // arguments
    );

  muslMinor = "3.14";
  musl = import ./musl.nix {
    inherit
      fetchurl
      machine
      pinned
      pkgs
      platform
      system
      ;
    python =
      stdenv: libraries:
      described muslMinor false { } (
        cpython {
          inherit stdenv libraries;
          minor = muslMinor;
        }
      );
    pythonAttribute = "python${builtins.replaceStrings [ "." ] [ "" ] muslMinor}";
  };
in
{
  freeThreaded = builtins.listToAttrs (
    map (minor: {
      name = "python${builtins.replaceStrings [ "." ] [ "" ] minor}FreeThreading";
      value = described minor true { } (cpython {
        inherit (pkgs) stdenv;
        inherit minor;
        freeThreading = true;
        nativeInputs = [ pkgs.pkg-config ];
        libraries = [
          pkgs.bzip2
          pkgs.libffi
          pkgs.libuuid
          pkgs.openssl
          pkgs.readline
          pkgs.sqlite
          pkgs.xz
          pkgs.zlib
        ];
      });
    }) minors
  );
  pkgsMusl = musl;
}
