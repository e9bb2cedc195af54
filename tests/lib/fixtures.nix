# What several files of cases share: a lock for two systems, a package set, distributions.
let
  # `abi` has a "t" for a free-threaded build.
  interpreter = pythonVersion: abi: rec {
    outPath = "/python${abi}";
    name = "python3-${abi}";
    inherit pythonVersion;
    interpreter = "/python${abi}/bin/python${abi}";
    sitePackages = "lib/python${abi}/site-packages";
    pkgs.tkinter = {
      outPath = "/tkinter${abi}";
      name = "python${abi}-tkinter-${pythonVersion}.2";
      pname = "tkinter";
      version = "${pythonVersion}.2";
      pythonModule = {
        inherit outPath pythonVersion sitePackages;
      };
      propagatedBuildInputs = [ ];
    };
  };
  packageSet = {
    interpreter = interpreter "3.11" "3.11";
    patchelf = "/patchelf";
    stdenv = {
      hostPlatform = {
        system = "x86_64-linux";
        libc = "glibc";
        isLinux = true;
      };
      mkDerivation =
        attributes:
        derivation (
          {
            system = "x86_64-linux";
            builder = "/bash";
          }
          // removeAttrs attributes [ "passthru" ]
        )
        // attributes.passthru or { };
      cc = {
        libc.version = "2.42-67";
        cc = {
          lib = "/gcc";
        };
      };
    };
    expat = "/expat";
    zlib = "/zlib";
    zstd = "/zstd";
    xorg.libxcb = "/libxcb";
    pythonManylinuxPackages.manylinux1 = [
      {
        pname = "libx11";
        out = "/libx11";
      }
    ];
    python3 = packageSet.interpreter;
    python311 = packageSet.interpreter;
    python312 = interpreter "3.12" "3.12";
    python313FreeThreading = interpreter "3.13" "3.13t";
    bash = "/bash";
    gnupatch = "/patch";
    coreutils = "/coreutils";
    uv = "/uv";
  };
  canonical = import ../../lib/sources/canonical.nix;
  library = import ../../lib (import ../../lib/toolchain.nix packageSet);
in
{
  inherit packageSet library;
  inherit (library) makePythonPypiEnvironment makeShell;

  # What lib/derivations/packages.nix would make of a lock, as far as names and versions go.
  packagesByFile =
    data:
    builtins.listToAttrs (
      map (link: {
        inherit (link) name;
        value = {
          pname = link.package;
          inherit (link) version;
        };
      }) data.links
    );

  lock = canonical.parse "sources.yaml" (builtins.readFile ./data/two-systems.yaml);
}
