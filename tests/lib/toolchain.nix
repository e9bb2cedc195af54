fixtures:
let
  inherit (fixtures) packageSet;
  toolchain = import ../../lib/toolchain.nix;

  onPlatforms =
    buildPlatform: hostPlatform:
    toolchain (
      packageSet
      // {
        stdenv = packageSet.stdenv // {
          inherit buildPlatform;
          hostPlatform = packageSet.stdenv.hostPlatform // hostPlatform;
        };
      }
    );

  onLibc =
    libc: version:
    toolchain (
      packageSet
      // {
        stdenv = packageSet.stdenv // {
          hostPlatform = packageSet.stdenv.hostPlatform // {
            inherit libc;
          };
          cc = packageSet.stdenv.cc // {
            libc.version = version;
          };
        };
      }
    );
in
{
  "interpreters are found by version" = {
    value = map (version: ((toolchain packageSet).interpreter version).name or null) [
      "3.11"
      "3.13t"
      "3.9"
      "eleven"
    ];
    expected = [
      "python3-3.11"
      "python3-3.13t"
      null
      null
    ];
  };
  "only versions that the package set has are listed" = {
    value = (toolchain packageSet).pythonVersions;
    expected = [
      "3.11"
      "3.12"
      "3.13t"
    ];
  };
  "a Python that is still to come is found, and one that was removed is not" = {
    value =
      let
        inherit
          (toolchain (
            packageSet
            // {
              python310 = throw "python310 has been removed, since it is no longer maintained";
              python27 = packageSet.python311;
              python38 = packageSet.python311;
              python327 = packageSet.python312;
              python327FreeThreading = packageSet.python313FreeThreading;
              python3Minimal = packageSet.python311;
              python327Packages = { };
              python399 = { };
            }
          ))
          pythonVersions
          interpreter
          ;
      in
      {
        inherit pythonVersions;
        gone = interpreter "3.10";
        new = (interpreter "3.27t").name;
      };
    expected = {
      pythonVersions = [
        "3.8"
        "3.11"
        "3.12"
        "3.13t"
        "3.27"
        "3.27t"
      ];
      gone = null;
      new = "python3-3.13t";
    };
  };
  "the package set's own Python runs wheelhouse, or else the newest that has locks" = {
    value = map (python3: (toolchain (packageSet // { inherit python3; })).python.name) [
      packageSet.python311
      (packageSet.python311 // { pythonVersion = "3.99"; })
    ];
    expected = [
      "python3-3.11"
      "python3-3.12"
    ];
  };
  "a package set without any Python that has locks keeps its own" = {
    value =
      (toolchain {
        inherit (packageSet) stdenv;
        python3.pythonVersion = "3.99";
        python399.pythonVersion = "3.99";
      }).python.pythonVersion;
    expected = "3.99";
  };
  "glibc's version is its first two components" = {
    value = (toolchain packageSet).floor;
    expected.glibc = "2.42";
  };
  "a package set on musl is a system of its own, whose wheels bring their libraries" = {
    value = {
      inherit (onLibc "musl" "1.2.5") system target floor;
      libraries = map (library: library.attribute) (onLibc "musl" "1.2.5").runtimeLibraries;
    };
    expected = {
      system = "x86_64-linux";
      target = "x86_64-linux-musl";
      floor.musl = "1.2";
      libraries = [
        "stdenv.cc.cc.lib"
        "zlib"
      ];
    };
  };
  "a package set on another libc is refused" = {
    value = (onLibc "uclibc" "1.0").floor;
    throws = "built on uclibc, and there are wheels for glibc and musl only";
  };
  "a package set that cross-compiles is refused" = {
    value = (onPlatforms { system = "x86_64-linux"; } { system = "aarch64-linux"; }).system;
    throws = "the package set cross-compiles for aarch64-linux on x86_64-linux, but environments are made by the Python that they are for";
  };
  "a package set that links statically is refused" = {
    value = (onPlatforms { system = "x86_64-linux"; } { isStatic = true; }).target;
    throws = "the package set links statically (`pkgsStatic`)";
  };
  "one for another libc of the same system is taken" = {
    value = (onPlatforms { system = "x86_64-linux"; } { libc = "musl"; }).target;
    expected = "x86_64-linux-musl";
  };
  "a package set that doesn't know where it lies is told" = {
    value = (toolchain packageSet).packageSet;
    throws = "the package set has no `path`, the folder that it is imported from";
  };
  "runtime libraries are directories with the attribute that has them" = {
    value = (toolchain packageSet).runtimeLibraries;
    expected = [
      {
        attribute = "stdenv.cc.cc.lib";
        directory = "/gcc/lib";
      }
      {
        attribute = "zlib";
        directory = "/zlib/lib";
      }
      {
        attribute = "libx11";
        directory = "/libx11/lib";
      }
      {
        attribute = "expat";
        directory = "/expat/lib";
      }
      {
        attribute = "libxcb";
        directory = "/libxcb/lib";
      }
    ];
  };
}
