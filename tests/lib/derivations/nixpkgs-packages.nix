fixtures:
let
  inherit (fixtures.library) toolchain;
  python = toolchain.python;
  module = name: attributes: {
    outPath = "/${name}";
    inherit name;
    version = "1.0";
    pythonModule = python;
    propagatedBuildInputs = [ ];
  } // attributes;
  pycairo = module "python3.11-pycairo-1.27" { version = "1.27"; };
  gobject = module "python3.11-pygobject-3.50.0" {
    pname = "PyGObject";
    version = "3.50.0";
    propagatedBuildInputs = [
      pycairo
      "/glib"
      null
      { outPath = "/gtk"; }
      # As nixpkgs has it: python.pkgs.python, which is a module of itself.
      (python // { pythonModule = python; })
    ];
  };
  made =
    given:
    import ../../../lib/derivations/nixpkgs-packages.nix (
      {
        context = "environment \"x\"";
        toolchain = toolchain // {
          pythonPackages = _python: {
            inherit (python.pkgs) tkinter;
            pygobject3 = gobject;
            tool = {
              outPath = "/tool";
              name = "tool";
              pythonModule = false;
            };
            snapshot = module "snapshot" { version = "0-unstable-2024-01-01"; };
          };
        };
        builder = {
          outPath = "/builder";
          inherit python;
        };
        inherit python;
        overrides = { };
        names = [ "matplotlib" ];
      }
      // given
    );
  versions = given: map (package: "${package.pname} ${package.version}") (made given);
  item = name: {
    inherit name;
    version = "0";
    from = "nixpkgs";
  };
  requiring = specifier: item "pygobject" // { required = [ { inherit specifier; by = "matplotlib"; } ]; };
  of = package: { pygobject = { inherit package; }; };
in
{
  "a package keeps the licence that the package set gives it" = {
    value =
      map (package: package.meta)
        (made {
          items = [ (item "pygobject") ];
          overrides.pygobject.package = gobject // {
            propagatedBuildInputs = [ pycairo ];
            meta = {
              license = {
                spdxId = "LGPL-2.1-or-later";
                shortName = "lgpl21Plus";
              };
              position = "elsewhere";
            };
          };
        });
    expected = [
      {
        license = {
          spdxId = "LGPL-2.1-or-later";
          shortName = "lgpl21Plus";
        };
      }
      { }
    ];
  };
  "a package is found by its name" = {
    value = versions { items = [ (item "tkinter") ]; };
    expected = [ "tkinter 3.11.2" ];
  };
  "an override gives one of another name, and its Python packages come with it" = {
    value = versions {
      items = [ (item "pygobject") ];
      overrides = of gobject;
    };
    expected = [
      "pygobject 3.50.0"
      "pycairo 1.27"
    ];
  };
  "what the lock has comes from the lock" = {
    value = versions {
      items = [ (item "pygobject") ];
      overrides = of gobject;
      names = [ "pycairo" ];
    };
    expected = [ "pygobject 3.50.0" ];
  };
  "what only the package set's form of a locked package needs stays out" = {
    value = versions {
      items = [ (item "pygobject") ];
      overrides = of (
        gobject
        // {
          propagatedBuildInputs = [ (pycairo // { propagatedBuildInputs = [ (module "extra-1.0" { }) ]; }) ];
        }
      );
      names = [ "pycairo" ];
    };
    expected = [ "pygobject 3.50.0" ];
  };
  "a name that the package set lacks is refused with near ones" = {
    value = versions { items = [ (item "pygobject") ]; };
    throws = "environment \"x\": pygobject is to come from the package set, which has no package of that name for Python 3.11. It has \"pygobject3\". Name the one that is meant, as in `overrides.pygobject.package = pkgs.python311.pkgs.NAME;`.";
  };
  "one for another Python is refused" = {
    value = versions {
      items = [ (item "tkinter") ];
      overrides.tkinter.package = fixtures.packageSet.python312.pkgs.tkinter;
    };
    throws = "environment \"x\": tkinter of the package set is for Python 3.12, but the environment's is 3.11.";
  };
  "an application is refused" = {
    value = versions { items = [ (item "tool") ]; };
    throws = "tool of the package set is no Python package: it has no `pythonModule`";
  };
  "a version that the lock doesn't allow is refused" = {
    value = versions {
      items = [ (requiring ">=3.42,<4") ];
      overrides = of pycairo;
    };
    throws = "environment \"x\": pygobject of the package set is 1.27, but matplotlib requires >=3.42,<4. Give another one as `overrides.pygobject.package`, or change the requirement and lock again.";
  };
  "what only another system requires doesn't count" = {
    value = versions {
      items = [
        (
          item "pygobject"
          // {
            required = [
              {
                specifier = ">=9";
                systems = [ "aarch64-darwin" ];
              }
            ];
          }
        )
      ];
      overrides = of (gobject // { propagatedBuildInputs = [ ]; });
    };
    expected = [ "pygobject 3.50.0" ];
  };
  "the user's own requirements are named as such" = {
    value = versions {
      items = [ (item "tkinter" // { required = [ { specifier = ">=3.12"; } ]; }) ];
    };
    throws = "tkinter of the package set is 3.11.2, but the requirements require >=3.12";
  };
  "a version that is none is refused where somebody asks for a range" = {
    value = versions {
      items = [ (item "snapshot" // { required = [ { specifier = ">=1"; } ]; }) ];
    };
    throws = "snapshot of the package set has the version \"0-unstable-2024-01-01\", which is none by PEP 440, and the requirements require >=1. Say which one it stands for as `overrides.snapshot.version`.";
  };
  "a version that is said stands for it" = {
    value = versions {
      items = [ (item "snapshot" // { required = [ { specifier = ">=1"; } ]; }) ];
      overrides.snapshot.version = "1.1";
    };
    expected = [ "snapshot 1.1" ];
  };
  "what a package of another group requires doesn't count" = {
    value = versions {
      items = [ (requiring ">=9") ];
      overrides = of (gobject // { propagatedBuildInputs = [ ]; });
      names = [ ];
    };
    expected = [ "pygobject 3.50.0" ];
  };
}
