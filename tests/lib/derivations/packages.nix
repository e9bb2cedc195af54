fixtures:
let
  inherit (fixtures) packageSet;
  toolchain = import ../../../lib/toolchain.nix;

  makePackages =
    given:
    import ../../../lib/derivations/packages.nix {
      context = "environment \"x\"";
      toolchain = toolchain packageSet;
      builder = {
        outPath = "/builder";
        python = packageSet.interpreter;
      };
      python = packageSet.interpreter;
      libraries = [ ];
      download = file: "/downloads/${file.name}";
      fetchurl = file: "/downloads/${file.name}";
      overrides = given.overrides or { };
      data = {
        links = [
          {
            package = "docopt";
            version = "0.6.2";
            name = "docopt-0.6.2.tar.gz";
          }
        ];
      }
      // given.data or { };
    };
in
{
  "a package has what nixpkgs' toPythonModule reads, so that it can stand in nixpkgs' set" = {
    value =
      let
        package =
          (makePackages {
            data.links = [
              {
                package = "idna";
                version = "3.10";
                name = "idna-3.10-py3-none-any.whl";
              }
            ];
          })."idna-3.10-py3-none-any.whl";
        module = package.overrideAttrs (old: {
          passthru = old.passthru or { } // {
            pythonModule = packageSet.interpreter;
            requiredPythonModules = package.propagatedBuildInputs;
          };
        });
      in
      {
        # stdenv.mkDerivation takes the output "out" of what another package propagates.
        inherit (module.out) pname version requiredPythonModules;
        isModule = module.out ? pythonModule;
        same = module.drvPath == package.drvPath;
      };
    expected = {
      pname = "idna";
      version = "3.10";
      requiredPythonModules = [ ];
      isModule = true;
      same = true;
    };
  };
  "a source distribution without a locked build is refused with the remedy" = {
    value = (makePackages { })."docopt-0.6.2.tar.gz".drvPath;
    throws = "environment \"x\": docopt 0.6.2 has no wheel for \"x86_64-linux\", only the source distribution docopt-0.6.2.tar.gz, and the lock says nothing of its build";
  };
  "a build that needs a file the lock lacks names both" = {
    value =
      (makePackages {
        data.builds = [
          {
            package = "docopt";
            version = "0.6.2";
            closure = [
              {
                name = "setuptools";
                version = "80";
              }
            ];
          }
        ];
      })."docopt-0.6.2.tar.gz".drvPath;
    throws = "the build of docopt 0.6.2 needs setuptools 80, but the lock has no file of it";
  };
  "a wheel where the source distribution is preferred is an error with its remedy" = {
    value =
      (makePackages {
        overrides.idna.preferSdist = true;
        data.links = [
          {
            package = "idna";
            version = "3.10";
            name = "idna-3.10-py3-none-any.whl";
          }
        ];
      })."idna-3.10-py3-none-any.whl".drvPath;
    throws = "overrides.idna.preferSdist asks for the source distribution of idna 3.10, but the lock has the wheel idna-3.10-py3-none-any.whl. Write `idna: {version: \"…\", prefer-sdist: true}` in requirements.yaml and lock again.";
  };
  "a preferred source distribution that the lock has is built" = {
    value =
      (makePackages {
        overrides.docopt.preferSdist = true;
        data.builds = [
          {
            package = "docopt";
            version = "0.6.2";
          }
        ];
      })."docopt-0.6.2.tar.gz".wheel.name;
    expected = "python3.11-docopt-0.6.2-wheel";
  };
  "what only a build uses is refused beside a source that is a wheel" = {
    value =
      (makePackages {
        overrides.docopt = {
          source = "/nix/store/00000000000000000000000000000000-docopt-0.6.2-py3-none-any.whl";
          configSettings.a = "b";
        };
        data.builds = [
          {
            package = "docopt";
            version = "0.6.2";
          }
        ];
      })."docopt-0.6.2.tar.gz".drvPath;
    throws = "environment \"x\": overrides.docopt.configSettings has no effect: overrides.docopt.source is a wheel, and only the build of a source distribution uses it. Leave one of them out.";
  };
  "a wheel of the lock is the wheel of its package" = {
    value =
      (makePackages {
        data.links = [
          {
            package = "idna";
            version = "3.10";
            name = "idna-3.10-py3-none-any.whl";
          }
        ];
      })."idna-3.10-py3-none-any.whl".wheel;
    expected = "/downloads/idna-3.10-py3-none-any.whl";
  };

  "a build gets what the lock says that it asks for, after what the override gives" = {
    value =
      let
        build =
          (makePackages {
            overrides.docopt.buildInputs = [ "/own" ];
            data.native = [
              {
                package = "docopt";
                version = "0.6.2";
                headers = [ "zstd.h" ];
              }
            ];
            data.builds = [
              {
                package = "docopt";
                version = "0.6.2";
              }
            ];
          })."docopt-0.6.2.tar.gz".wheel;
      in
      {
        inherit (build.drvAttrs) buildInputs C_INCLUDE_PATH LIBRARY_PATH;
      };
    expected = {
      buildInputs = [
        "/own"
        "/zstd"
      ];
      C_INCLUDE_PATH = "/zstd/include";
      LIBRARY_PATH = "/zstd/lib";
    };
  };

  "a build whose override leaves native libraries out gets none of them" = {
    value =
      (makePackages {
        overrides.docopt.nativeLibraries = false;
        data.native = [
          {
            package = "docopt";
            version = "0.6.2";
            headers = [ "zstd.h" ];
          }
        ];
        data.builds = [
          {
            package = "docopt";
            version = "0.6.2";
          }
        ];
      })."docopt-0.6.2.tar.gz".wheel.drvAttrs.buildInputs;
    expected = [ ];
  };
}
