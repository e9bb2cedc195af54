fixtures:
let
  inherit (fixtures) lock library makePythonPypiEnvironment;
  # The library where another C library is the platform's.
  ofLibc =
    libc: arguments:
    (import ../../../lib (library.toolchain // { inherit libc; })).makePythonPypiEnvironment (
      {
        name = "x";
        sourcesRaw = lock;
      }
      // arguments
    );
  environment = arguments: makePythonPypiEnvironment ({ name = "x"; } // arguments);
  ofLock = arguments: environment ({ sourcesRaw = lock; } // arguments);
in
{
  "its packages are those that the lock has for the system" = {
    value = builtins.mapAttrs (_name: package: package.version) (ofLock { }).packages;
    expected = {
      idna = "3.10";
      native = "1.0";
    };
  };
  "a lock given as YAML or as data makes the same environment" = {
    value = (environment { sourcesYaml = ../data/two-systems.yaml; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "its licences are those of the packages in it" = {
    value =
      let
        licensed = environment {
          sourcesRaw = lock // {
            licenses = {
              idna = "BSD-3-Clause";
              native = "MIT OR BSD-3-Clause";
              only-mac = "GPL-3.0-only";
            };
          };
        };
      in
      {
        inherit (licensed) meta;
        ofIdna = licensed.packages.idna.meta;
        isSame = licensed.drvPath == (ofLock { }).drvPath;
      };
    expected = {
      meta = {
        license = [
          {
            shortName = "BSD-3-Clause";
            spdxId = "BSD-3-Clause";
          }
          {
            shortName = "MIT";
            spdxId = "MIT";
          }
        ];
        mainProgram = "python";
      };
      ofIdna.license = [
        {
          shortName = "BSD-3-Clause";
          spdxId = "BSD-3-Clause";
        }
      ];
      isSame = true;
    };
  };
  "a package of the package set has the licence that it has there" = {
    value =
      let
        licensedAs =
          license:
          map (one: one.shortName)
            (environment {
              sourcesRaw = lock // {
                packages = lock.packages ++ [
                  {
                    name = "tkinter";
                    version = "0";
                    from = "nixpkgs";
                  }
                ];
                groups.default = lock.groups.default ++ [ "tkinter" ];
                licenses.idna = "MIT";
              };
              overrides.tkinter.package = library.toolchain.python.pkgs.tkinter // {
                meta = { inherit license; };
              };
            }).meta.license;
      in
      map licensedAs [
        "old"
        { shortName = "psfl"; }
        [
          { shortName = "psfl"; }
          {
            shortName = "mit";
            spdxId = "MIT";
          }
        ]
      ];
    expected = [
      [
        "MIT"
        "old"
      ]
      [
        "MIT"
        "psfl"
      ]
      [
        "MIT"
        "psfl"
      ]
    ];
  };
  "without licences in the lock it tells none" = {
    value = {
      inherit (ofLock { }) meta;
      ofPackages = builtins.mapAttrs (_name: package: package ? meta) (ofLock { }).packages;
    };
    expected = {
      meta.mainProgram = "python";
      ofPackages = {
        idna = false;
        native = false;
      };
    };
  };
  "of a package that the lock doesn't tell about, it has no licence" = {
    value = (environment { sourcesRaw = lock // { licenses.native = "MIT"; }; }).meta.license;
    expected = [
      {
        shortName = "MIT";
        spdxId = "MIT";
      }
    ];
  };
  "its interpreter is the package set's of the lock's version" = {
    value = (ofLock { }).python == library.toolchain.interpreter "3.11";
    expected = true;
  };
  "the lock's version may be said again" = {
    value = (ofLock { python = "3.11"; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "another version than the lock's is refused" = {
    value = (ofLock { python = "3.12"; }).drvPath;
    throws = "environment \"x\": `python` is 3.12, but the lock is for Python 3.11. Leave `python` out, or lock again for 3.12.";
  };
  "what is no interpreter is refused" = {
    value = (ofLock { python = fixtures.packageSet.patchelf; }).drvPath;
    throws = "`python` is the text \"/patchelf\", which is no version";
  };
  "a version that the package set lacks is named with those that it has" = {
    value = (ofLock { sourcesRaw = lock // { python = "3.9"; }; }).drvPath;
    throws = "environment \"x\": the lock is for Python 3.9, which the package set lacks; it has \"3.11\"";
  };
  "a flag of Makes is an argument" = {
    value = (ofLock { withWheel_0_37_0 = true; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "without a lock it names the three ways to give one" = {
    value = (environment { }).drvPath;
    throws = "give exactly one of sourcesYaml, sourcesJson and sourcesRaw; none of them is given";
  };
  "libraries of searchPathsRuntime are offered to native wheels and not to pure ones" = {
    value =
      let
        plain = ofLock { };
        given = ofLock { searchPathsRuntime.rpath = [ "/openssl" ]; };
        same = name: plain.packages.${name}.drvPath == given.packages.${name}.drvPath;
      in
      map same [
        "idna"
        "native"
      ];
    expected = [
      true
      false
    ];
  };
  "strict changes the environment and no package" = {
    value =
      let
        plain = ofLock { };
        strict = ofLock { strict = true; };
      in
      [
        (plain.drvPath == strict.drvPath)
        (plain.packages.native.drvPath == strict.packages.native.drvPath)
      ];
    expected = [
      false
      true
    ];
  };
  "an override of one package changes that package and the environment only" = {
    value =
      let
        plain = ofLock { };
        given = ofLock { overrides.native.patches = [ "/fix.patch" ]; };
        same = name: plain.packages.${name}.drvPath == given.packages.${name}.drvPath;
      in
      [
        (same "idna")
        (same "native")
        (plain.drvPath == given.drvPath)
      ];
    expected = [
      true
      false
      false
    ];
  };
  "an override that another makes of it is the same" = {
    value =
      (ofLock { overrides = [ { native.patches = [ "/fix.patch" ]; } ]; }).drvPath
      == (ofLock {
        overrides = _final: _prev: { native.patches = [ "/fix.patch" ]; };
      }).drvPath;
    expected = true;
  };
  "a function of overrides gets the finished packages" = {
    value =
      (ofLock {
        overrides = final: _prev: {
          native.remove = [ "${final.idna.pname}-${final.idna.version}" ];
        };
      }).packages.native.drvPath == (ofLock { overrides.native.remove = [ "idna-3.10" ]; }).packages.native.drvPath;
    expected = true;
  };
  "an override of a package that isn't in the lock is refused" = {
    value = (ofLock { overrides.nativ.patches = [ ]; }).drvPath;
    throws = "environment \"x\": overrides.nativ has no effect: the lock has no package \"nativ\". Did you mean \"native\"?";
  };
  "it is made again with other arguments" = {
    value = {
      named = ((ofLock { }).override { name = "y"; }).name;
      function = ((ofLock { }).override (old: { name = "${old.name}-y"; })).name;
      groups = builtins.attrNames ((ofLock { }).withGroups [ ]).packages;
      flags = (((ofLock { }).override { withWheel_0_37_0 = true; }).override { name = "y"; }).name;
    };
    expected = {
      named = "y";
      function = "x-y";
      groups = [ ];
      flags = "y";
    };
  };
  "its lock file is known" = {
    value = [
      (baseNameOf (environment { sourcesYaml = ../data/two-systems.yaml; }).lockFile)
      (ofLock { }).lockFile
    ];
    expected = [
      "two-systems.yaml"
      null
    ];
  };
  "a package has the attributes of another derivation after overrideAttrs" = {
    value =
      let
        changed = (ofLock { }).packages.idna.overrideAttrs (old: {
          name = "${old.name}-changed";
          passthru.tests = "tested";
        });
      in
      {
        inherit (changed) name pname tests;
      };
    expected = {
      name = "python3.11-idna-3.10-changed";
      pname = "idna";
      tests = "tested";
    };
  };
  "a package of the package set is installed" = {
    value = builtins.mapAttrs (_name: package: package.version) (
      (ofLock {
        sourcesRaw = lock // {
          packages = [
            {
              name = "tkinter";
              version = "0";
              from = "nixpkgs";
            }
          ];
        };
      }).packages
    );
    expected = {
      idna = "3.10";
      native = "1.0";
      tkinter = "3.11.2";
    };
  };
  "variables of overrides are the environment's" = {
    value =
      (ofLock {
        overrides.idna.variables = {
          TCL_LIBRARY = "/tcl";
          XDG_DATA_DIRS = [ "/share" ];
        };
      }).variables;
    expected = {
      TCL_LIBRARY = "/tcl";
      XDG_DATA_DIRS = [ "/share" ];
    };
  };
  "switches that are neither true nor false are refused" = {
    value = ((ofLock { }).override { nativeLibraries = "false"; }).drvPath;
    throws = "environment \"x\": `nativeLibraries` has the type string, but it must be true or false.";
  };
  "strictness that is neither true nor false is refused" = {
    value = ((ofLock { }).override { strict = "yes"; }).drvPath;
    throws = "environment \"x\": `strict` has the type string, but it must be true or false.";
  };
  "groups that are no list are refused" = {
    value = ((ofLock { }).withGroups "dev").drvPath;
    throws = "environment \"x\": `groups` has the type string, but it must be a list, as in `groups = [ \"dev\" ];`.";
  };
  "an override that is no attrset is refused" = {
    value = ((ofLock { }).override 5).drvPath;
    throws = "environment \"x\": `override` takes an attrset of arguments, or a function of the old ones to such an attrset, but it got one of the type int.";
  };
  "it keeps its attributes when those of the derivation are changed" = {
    value =
      let
        changed = (ofLock { }).overrideAttrs (_old: { name = "changed"; });
      in
      {
        inherit (changed) name;
        again = ((changed.withGroups [ ]).override { name = "y"; }).name;
        twice = (changed.overrideAttrs { name = "twice"; }).sources.python;
      };
    expected = {
      name = "changed";
      again = "y";
      twice = "3.11";
    };
  };
  "libraries of what isn't installed don't reach the environment" = {
    value =
      (ofLock {
        groups = [ ];
        overrides.native.runtimeLibraries = [ "/library" ];
      }).drvPath == (ofLock { groups = [ ]; }).drvPath;
    expected = true;
  };
  "an override may be of a package that another choice of groups has" = {
    value =
      let
        ofCpu =
          key: item: if item.${key} == "native" then item // { choices = [ "cpu" ]; } else item;
        conflicting = lock // {
          conflicts = [ "cpu+gpu" ];
          groups = {
            default = [ "idna" ];
            cpu = [ "native" ];
            gpu = [ "idna" ];
          };
          links = map (ofCpu "package") lock.links;
          packages = map (ofCpu "name") lock.packages;
        };
        ofGroups =
          groups: overrides:
          ofLock {
            sourcesRaw = conflicting;
            inherit groups overrides;
          };
        patched.native.patches = [ "/fix.patch" ];
      in
      map (groups: (ofGroups groups patched).drvPath == (ofGroups groups { }).drvPath) [
        [ "gpu" ]
        [ "cpu" ]
      ];
    expected = [
      true
      false
    ];
  };
  "the host's driver changes the environment and no package" = {
    value =
      let
        plain = ofLock { };
        host = ofLock { driver = "host"; };
      in
      [
        (plain.drvPath == (ofLock { driver = "nixos"; }).drvPath)
        (plain.drvPath == host.drvPath)
        (plain.packages.native.drvPath == host.packages.native.drvPath)
        (plain.report.drvPath == host.report.drvPath)
        (host.drvPath == ((plain.override { driver = "host"; }).drvPath))
      ];
    expected = [
      true
      false
      true
      false
      true
    ];
  };
  "on macOS there is no driver to find" = {
    value =
      (ofLibc "libSystem" { driver = "host"; }).drvPath == (ofLibc "libSystem" { }).drvPath;
    expected = true;
  };
  "the host's driver is refused on musl" = {
    value = (ofLibc "musl" { driver = "host"; }).drvPath;
    throws = "environment \"x\": `driver = \"host\"` needs a package set on glibc, since the libraries of GPU drivers are built for it, and this one is on musl. Leave `driver` out.";
  };
  "another driver is refused" = {
    value = (ofLock { driver = "hots"; }).drvPath;
    throws = "environment \"x\": `driver` is \"hots\", but it must be \"nixos\" (the driver of NixOS) or \"host\" (the driver of whatever the environment runs on).";
  };
  "a driver that is no string is refused" = {
    value = (ofLock { driver = true; }).drvPath;
    throws = "`driver` is of the type bool, but it must be";
  };
}
