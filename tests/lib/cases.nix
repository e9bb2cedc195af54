# What the functions of lib/ give: name of the behaviour → what it gives, and what it should.
# An expected error is a piece of its message: `throws`.
let
  canonical = import ../../lib/sources/canonical.nix;
  check = import ../../lib/sources/check.nix;
  foreignBuilds = import ../../lib/sources/foreign-builds.nix;
  joinFlags = import ../../lib/makes/join.nix;
  locksOfFlags = import ../../lib/makes/locks.nix "environment \"x\"";
  place =
    folder:
    import ../../lib/place.nix {
      inherit folder;
      owner = "environment \"x\"";
      fetchurl = file: "fetched ${file.url}";
    };
  readSources = import ../../lib/sources;
  searchPaths = import ../../lib/search-paths.nix;
  pythonVersion = import ../../lib/python-version.nix;
  reach = import ../../lib/sources/reach.nix;
  select = import ../../lib/sources/select.nix;
  splitFlags = import ../../lib/makes/arguments.nix;
  tableOfFlags = import ../../lib/makes/table.nix;
  template = import ../../lib/template.nix;
  text = import ../../lib/text.nix;
  toolchain = import ../../lib/toolchain.nix;

  lock = canonical.parse "sources.yaml" (builtins.readFile ./data/two-systems.yaml);
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
  # web[all] is what web's extras fast and small need together; cli needs web with small.
  grouped = {
    groups = {
      default = [ "web" ];
      docs = [ "tool" ];
      fast = [ "web[fast]" ];
      full = [ "web[all,unknown]" ];
      mac = [ "absent" ];
    };
    packages = [
      {
        name = "web";
        version = "1";
        dependencies = [
          { name = "core"; }
          {
            name = "speed";
            of-extras = [
              "all"
              "fast"
            ];
          }
          {
            name = "tiny";
            of-extras = [
              "all"
              "small"
            ];
          }
        ];
      }
      {
        name = "core";
        version = "1";
        dependencies = [
          { name = "web"; }
          {
            name = "elsewhere";
            systems = [ "aarch64-darwin" ];
          }
        ];
      }
      {
        name = "speed";
        version = "1";
      }
      {
        name = "tiny";
        version = "1";
      }
      {
        name = "tool";
        version = "1";
        dependencies = [
          {
            name = "web";
            extras = [ "small" ];
          }
        ];
      }
      {
        name = "elsewhere";
        version = "1";
        systems = [ "aarch64-darwin" ];
      }
    ];
  };
  reached =
    groups:
    let
      found = reach {
        owner = "environment \"x\"";
        data = grouped;
        system = "x86_64-linux";
        inherit groups;
      };
    in
    if found == null then null else builtins.attrNames found;
  selected =
    system: floor:
    map (file: file.name) (select {
      owner = "environment \"x\"";
      data = lock;
      inherit system floor;
    });
  parse = canonical.parse "sources.yaml";
  read =
    arguments:
    readSources (
      {
        owner = "environment \"x\"";
        toolchain = null;
        builder = null;
        flags = [ ];
        download = null;
      }
      // arguments
    );
  makePackages =
    given:
    import ../../lib/packages.nix {
      owner = "environment \"x\"";
      toolchain = toolchain packageSet;
      builder = {
        outPath = "/builder";
        python = packageSet.interpreter;
      };
      python = packageSet.interpreter;
      libraries = [ ];
      download = file: "/downloads/${file.name}";
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
  joined =
    flags: found:
    map (package: "${package.pname} ${package.version}") (
      joinFlags {
        owner = "environment \"x\"";
        toolchain = {
          target = "x86_64-linux";
          floor.glibc = "2.42";
        };
        python = "3.8";
        inherit flags;
        packages =
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
      } found
    );
  ofMakes =
    names:
    foreignBuilds {
      owner = "environment \"x\"";
      flags = [ "withNumpy_1_21_2" ];
      download = file: "/downloads/${file.name}";
      ask = asked: asked;
      data = {
        python = "3.8";
        builds = null;
        links = map (name: {
          inherit name;
          package = builtins.head (builtins.split "-" name);
          version = "1";
        }) names;
      };
    };
  packageSet = {
    interpreter = {
      outPath = "/python";
      pythonVersion = "3.11";
      interpreter = "/python/bin/python3.11";
      sitePackages = "lib/python3.11/site-packages";
    };
    patchelf = "/patchelf";
    stdenv = {
      hostPlatform = {
        system = "x86_64-linux";
        libc = "glibc";
        isLinux = true;
      };
      mkDerivation = derivation;
      cc = {
        libc.version = "2.42-67";
        cc = {
          lib = "/gcc";
        };
      };
    };
    expat = "/expat";
    zlib = "/zlib";
    xorg.libxcb = "/libxcb";
    pythonManylinuxPackages.manylinux1 = [
      {
        pname = "libx11";
        out = "/libx11";
      }
    ];
    python3 = packageSet.interpreter;
    python311 = "eleven";
    python313FreeThreading = "free";
  };
in
{
  "text: a prefix is told" = {
    value = map (text.hasPrefix "whe") [
      "wheel"
      "wh"
      ""
    ];
    expected = [
      true
      false
      false
    ];
  };
  "text: a suffix is told" = {
    value = map (text.hasSuffix ".whl") [
      "a.whl"
      ".whl"
      "whl"
      "a.whl.x"
    ];
    expected = [
      true
      true
      false
      false
    ];
  };
  "text: lines keep an unfinished last one" = {
    value = map text.lines [
      ""
      "a"
      "a\n"
      "a\n\nb"
    ];
    expected = [
      [ ]
      [ "a" ]
      [ "a" ]
      [
        "a"
        ""
        "b"
      ]
    ];
  };
  "text: a shell word keeps quotes" = {
    value = text.shellWord "it's $HOME";
    expected = "'it'\\''s $HOME'";
  };
  "text: names are enumerated" = {
    value = text.enumerate [
      "a"
      "b"
    ];
    expected = "\"a\", \"b\"";
  };
  "text: a store name has only what the store allows" = {
    value = map text.storeName [
      "torch-2.1.0%2Bcpu.whl"
      "a!b c/d"
      ".hidden"
      "plain-1.0.whl"
    ];
    expected = [
      "torch-2.1.0-2Bcpu.whl"
      "a-b-c-d"
      "_.hidden"
      "plain-1.0.whl"
    ];
  };
  "text: long store names are cut and stay different" = {
    value =
      let
        long = letter: text.storeName (builtins.concatStringsSep letter (builtins.genList toString 150));
      in
      [
        (builtins.stringLength (long "x") <= 180)
        (text.storeName "${long "x"}y" == long "x")
        (long "x" == long "y")
      ];
    expected = [
      true
      false
      false
    ];
  };

  "canonical: the format's example is read" = {
    value = {
      inherit (lock) wheelhouse python systems;
      inherit (lock.groups) default;
      links = map (link: link.name) lock.links;
      size = (builtins.head lock.links).size;
      edges = (builtins.elemAt lock.packages 1).dependencies;
    };
    expected = {
      wheelhouse = 1;
      python = "3.11";
      systems = {
        aarch64-darwin.macos = "14.0";
        x86_64-linux.glibc = "2.35";
      };
      default = [ "native" ];
      links = [
        "idna-3.10-py3-none-any.whl"
        "native-1.0-cp311-cp311-macosx_11_0_arm64.whl"
        "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
      ];
      size = 70442;
      edges = [
        { name = "idna"; }
        {
          name = "only-mac";
          systems = [ "aarch64-darwin" ];
        }
      ];
    };
  };
  "canonical: quoted keys and escapes are read" = {
    value = parse "wheelhouse: 1\nclosure:\n  \"on\": \"a\\\"\\\\\\u00e9: - b\"\n  x: \"\"\n";
    expected = {
      wheelhouse = 1;
      closure = {
        on = "a\"\\é: - b";
        x = "";
      };
    };
  };
  "canonical: other YAML is told apart" = {
    value = map canonical.isCanonical [
      "wheelhouse: 1\n"
      "python: '3.11'\nwheelhouse: 1\n"
      "# comment\n"
    ];
    expected = [
      true
      false
      false
    ];
  };
  "canonical: a merge conflict is named by its line" = {
    value = parse "wheelhouse: 1\n<<<<<<< HEAD\npython: \"3.11\"\n";
    throws = "sources.yaml, line 2: expected `key:`";
  };
  "canonical: a text without quotes is named by its line" = {
    value = parse "wheelhouse: 1\npython: 3.11\n";
    throws = "sources.yaml, line 2";
  };
  "canonical: a wrong indentation is named by its line" = {
    value = parse "wheelhouse: 1\nclosure:\n    a: \"1\"\n";
    throws = "sources.yaml, line 3: expected an indentation of 2 spaces, but found 4";
  };
  "canonical: a repeated key is named by its second line" = {
    value = parse "wheelhouse: 1\nclosure:\n  a: \"1\"\n  a: \"2\"\n";
    throws = "sources.yaml, line 4: the key `a` stands twice";
  };
  "canonical: a key without a value is named by its line" = {
    value = parse "wheelhouse: 1\nclosure:\npython: \"3.11\"\n";
    throws = "sources.yaml, line 2: expected a value after `closure:`";
  };
  "canonical: a value with a block below is refused" = {
    value = parse "wheelhouse: 1\npython: \"3.11\"\n  x: \"1\"\n";
    throws = "sources.yaml, line 3: expected nothing below";
  };
  "canonical: a list item amid keys is refused" = {
    value = parse "wheelhouse: 1\nclosure:\n  a: \"1\"\n  - \"b\"\n";
    throws = "sources.yaml, line 4: expected `key:`";
  };
  "canonical: a key amid list items is refused" = {
    value = parse "wheelhouse: 1\ngroups:\n  - \"b\"\n  a: \"1\"\n";
    throws = "sources.yaml, line 4: expected `- `";
  };
  "canonical: an empty file is refused" = {
    value = parse "";
    throws = "the file is empty";
  };

  "check: a newer format asks for an update" = {
    value = check "environment \"x\"" (lock // { wheelhouse = 2; });
    throws = "environment \"x\": the lock has format 2, but this version of wheelhouse reads format 1";
  };
  "check: a lock without links is refused" = {
    value = check "environment \"x\"" (removeAttrs lock [ "links" ]);
    throws = "no usable \"links\"";
  };
  "check: a link without a hash is named" = {
    value = check "environment \"x\"" (
      lock // { links = [ (removeAttrs (builtins.head lock.links) [ "sha256" ]) ]; }
    );
    throws = "the link \"idna-3.10-py3-none-any.whl\" lacks one of";
  };
  "check: a link may name a repository at a commit, or a path" = {
    value =
      let
        bare = removeAttrs (builtins.head lock.links) [
          "sha256"
          "url"
        ];
        links = [
          (
            bare
            // {
              git = "https://git.example/idna";
              rev = "0";
            }
          )
          (bare // { path = "../idna"; })
        ];
      in
      (check "x" (lock // { inherit links; })).links == links;
    expected = true;
  };
  "check: a repository without a commit is named" = {
    value = check "environment \"x\"" (
      lock
      // {
        links = [
          (removeAttrs (builtins.head lock.links) [ "url" ] // { git = "https://git.example/idna"; })
        ];
      }
    );
    throws = "the link \"idna-3.10-py3-none-any.whl\" lacks one of";
  };
  "check: a good lock passes unchanged" = {
    value = check "x" lock == lock;
    expected = true;
  };

  "place: a file is fetched as it is told" = {
    value = place ./. {
      name = "a.whl";
      url = "https://index.example/a.whl";
    };
    expected = "fetched https://index.example/a.whl";
  };
  "place: a path is seen from the lock, and is a store path of its own" = {
    value = text.hasSuffix "-lib-1.0" (
      place ./data {
        name = "lib-1.0";
        package = "lib";
        path = "../../lib/data";
      }
    );
    expected = true;
  };
  "place: a path needs a lock that lies somewhere" = {
    value = place null {
      name = "lib-1.0";
      package = "lib";
      path = "../lib";
    };
    throws = "environment \"x\": lib lies at \"../lib\", seen from its lock, but the lock is given as data";
  };

  "reach: a group gets what it asks for and what that needs, in a circle too" = {
    value = reached [ "default" ];
    expected = [
      "core"
      "web"
    ];
  };
  "reach: an extra is followed where it is asked for" = {
    value = map reached [
      [ "fast" ]
      [ "docs" ]
      [ "full" ]
    ];
    expected = [
      [
        "core"
        "speed"
        "web"
      ]
      [
        "core"
        "tiny"
        "tool"
        "web"
      ]
      [
        "core"
        "speed"
        "tiny"
        "web"
      ]
    ];
  };
  "reach: several groups are joined" = {
    value = reached [
      "fast"
      "docs"
      "fast"
    ];
    expected = [
      "core"
      "speed"
      "tiny"
      "tool"
      "web"
    ];
  };
  "reach: what another system has is not there" = {
    value = reached [ "mac" ];
    expected = [ ];
  };
  "reach: all groups are all packages" = {
    value = reached (builtins.attrNames grouped.groups);
    expected = null;
  };
  "reach: a lock without groups has one of all packages" = {
    value = reach {
      owner = "environment \"x\"";
      data = { };
      system = "x86_64-linux";
      groups = [ "default" ];
    };
    expected = null;
  };
  "reach: a group that the lock lacks is named with those that it has" = {
    value = reached [
      "default"
      "dev"
    ];
    throws = "environment \"x\": the lock has no group \"dev\"; it has \"default\", \"docs\", \"fast\", \"full\", \"mac\"";
  };
  "select: only files of the groups are taken" = {
    value = map (file: file.package) (select {
      owner = "environment \"x\"";
      data = lock // {
        groups = {
          default = [ "idna" ];
          dev = [ "native" ];
        };
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    });
    expected = [ "idna" ];
  };
  "select: a system gets its own files and those for all" = {
    value = selected "x86_64-linux" { glibc = "2.36"; };
    expected = [
      "idna-3.10-py3-none-any.whl"
      "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
    ];
  };
  "select: a system that is not locked is named with the remedy" = {
    value = selected "riscv64-linux" { };
    throws = "not for \"riscv64-linux\". Lock again with that system";
  };
  "select: a platform older than the lock's floor is refused" = {
    value = selected "x86_64-linux" { glibc = "2.31"; };
    throws = "the lock is for glibc 2.35 or newer on \"x86_64-linux\", but the package set has 2.31";
  };
  "select: versions of the platform compare as numbers" = {
    value = builtins.length (selected "x86_64-linux" { glibc = "2.100"; });
    expected = 2;
  };
  "select: a package without a file is named" = {
    value = select {
      owner = "environment \"x\"";
      data = lock // {
        links = [ ];
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    };
    throws = "the lock lists \"idna\", \"native\" for \"x86_64-linux\", but no file of it";
  };
  "select: two files of one package are named" = {
    value = select {
      owner = "environment \"x\"";
      data = lock // {
        links = lock.links ++ [ (builtins.head lock.links) ];
      };
      system = "x86_64-linux";
      floor.glibc = "2.36";
    };
    throws = "several files of \"idna\"";
  };

  "sources: none given is an error that names the three" = {
    value = read { };
    throws = "give exactly one of sourcesYaml, sourcesJson and sourcesRaw; none of them is given";
  };
  "sources: two given is an error that names both" = {
    value = read {
      sourcesRaw = lock;
      sourcesJson = ./data/two-systems.json;
    };
    throws = "\"sourcesJson\", \"sourcesRaw\" are given";
  };
  "sources: a canonical file, JSON and data give the same, without a build" = {
    value =
      let
        fromYaml = read { sourcesYaml = ./data/two-systems.yaml; };
      in
      [
        (fromYaml == read { sourcesJson = ./data/two-systems.json; })
        (fromYaml == read { sourcesRaw = lock; })
      ];
    expected = [
      true
      true
    ];
  };

  "search paths: the first item is found first, and all keys follow one table" = {
    value =
      (searchPaths.shell "x" {
        bin = [
          "/a"
          "/b"
        ];
        pythonPackage311 = [ "/p" ];
        export = [
          [
            "HOME_OF"
            "/c"
            "/d"
          ]
        ];
      }).after;
    expected = ''
      _wheelhouse_prepend HOME_OF '/c/d'
      _wheelhouse_prepend PYTHONPATH '/p/lib/python3.11/site-packages'
      _wheelhouse_prepend PATH '/b/bin'
      _wheelhouse_prepend PATH '/a/bin'
    '';
  };
  "search paths: without append the variables start empty" = {
    value =
      (searchPaths.shell "x" {
        append = false;
        nodeModule = [ "/n" ];
      }).before;
    expected = "export NODE_PATH=\n";
  };
  "search paths: a source item may have arguments" = {
    value =
      (searchPaths.shell "x" {
        source = [
          [
            "/s"
            "a b"
          ]
        ];
      }).before;
    expected = ''
      if [ -e '/s/template' ]; then
        . '/s/template' 'a b'
      else
        . '/s' 'a b'
      fi
    '';
  };
  "search paths: an unknown key is named with the known ones" = {
    value = (searchPaths.shell "x" { bins = [ ]; }).after;
    throws = "environment \"x\": searchPaths has no key \"bins\". It knows \"bin\"";
  };
  "search paths: a value that is no list is named" = {
    value = (searchPaths.shell "x" { bin = "/a"; }).after;
    throws = "searchPaths.bin must be a list";
  };
  "search paths: a malformed export is explained" = {
    value = (searchPaths.shell "x" { export = [ [ "A" ] ]; }).after;
    throws = "each item of searchPaths.export is a list of three";
  };
  "search paths: rpath takes the output of a package that has its libraries" = {
    value =
      let
        rpath = [
          {
            outPath = "/bin-output";
            lib.outPath = "/lib-output";
          }
          {
            outPath = "/bin-output";
            out.outPath = "/out-output";
          }
        ];
      in
      {
        wheels = map (library: library.directory) (searchPaths.libraries "x" { inherit rpath; });
        shell = (searchPaths.shell "x" { inherit rpath; }).after;
      };
    expected = {
      wheels = [
        "/lib-output/lib"
        "/lib-output/lib64"
        "/out-output/lib"
        "/out-output/lib64"
      ];
      shell = ''
        _wheelhouse_prepend LD_LIBRARY_PATH '/out-output/lib64'
        _wheelhouse_prepend LD_LIBRARY_PATH '/out-output/lib'
        _wheelhouse_prepend LD_LIBRARY_PATH '/lib-output/lib64'
        _wheelhouse_prepend LD_LIBRARY_PATH '/lib-output/lib'
      '';
    };
  };
  "search paths: rpath gives the directories for wheels" = {
    value = map (library: library.directory) (searchPaths.libraries "x" { rpath = [ "/z" ]; });
    expected = [
      "/z/lib"
      "/z/lib64"
    ];
  };

  "search paths: of two, the second is found first and says whether to append" = {
    value =
      searchPaths.merge
        {
          append = true;
          bin = [ "/a" ];
          rpath = [ "/r" ];
        }
        {
          append = false;
          bin = [ "/b" ];
        };
    expected = {
      append = false;
      bin = [
        "/b"
        "/a"
      ];
      rpath = [ "/r" ];
    };
  };
  "search paths: a build without any has no lines" = {
    value = searchPaths.script "x" { };
    expected = "";
  };

  "makes: what is set of the flags is told from the arguments" = {
    value = splitFlags {
      name = "x";
      python = "3.8";
      withNumpy_1_21_2 = false;
      withWheel_0_37_0 = true;
    };
    expected = {
      flags = [ "withWheel_0_37_0" ];
      arguments = {
        name = "x";
        python = "3.8";
      };
    };
  };
  "makes: the table has all flags that Makes had" = {
    value = builtins.attrNames tableOfFlags;
    expected = [
      "withCython_0_29_24"
      "withNumpy_1_21_2"
      "withNumpy_1_24_0"
      "withSetuptoolsScm_5_0_2"
      "withSetuptoolsScm_6_0_1"
      "withSetuptoolsScm_7_1_0"
      "withSetuptools_57_4_0"
      "withSetuptools_67_7_2"
      "withWheel_0_37_0"
      "withWheel_0_40_0"
    ];
  };
  "makes: an unknown flag is named with the known ones and the general way" = {
    value =
      (splitFlags {
        name = "x";
        withCython_3 = true;
      }).flags;
    throws = "environment \"x\": there is no flag \"withCython_3\". The flags, which are those of Makes, are \"withCython_0_29_24\", \"withNumpy_1_21_2\", \"withNumpy_1_24_0\"";
  };
  "makes: an unknown flag is answered with build-requires" = {
    value = (splitFlags { withFoo = false; }).flags;
    throws = "name what a build needs in requirements.yaml, as in `pycocotools: {version: \"==2.0\", build-requires: [\"Cython<3\", numpy]}`";
  };
  "makes: two versions of one distribution exclude each other" = {
    value =
      (splitFlags {
        name = "x";
        withNumpy_1_21_2 = true;
        withNumpy_1_24_0 = true;
      }).flags;
    throws = "\"withNumpy_1_21_2\", \"withNumpy_1_24_0\" exclude each other";
  };
  "makes: a flag that is no truth value is refused" = {
    value = (splitFlags { withWheel_0_37_0 = "yes"; }).flags;
    throws = "withWheel_0_37_0 is true or false, not a string";
  };
  "makes: every flag is locked for 3.8 at its version" = {
    value = map (item: item.data.closure.${item.package}) (
      locksOfFlags "3.8" (builtins.attrNames tableOfFlags)
    );
    expected = map (flag: tableOfFlags.${flag}.version) (builtins.attrNames tableOfFlags);
  };
  "makes: a flag that a Python hasn't is named with the general way" = {
    value = (builtins.head (locksOfFlags "3.12" [ "withNumpy_1_21_2" ])).data;
    throws = "withNumpy_1_21_2 is not to be had for Python 3.12: numpy 1.21.2 has no wheel there, and can't be built or imported. Name a newer version of it as `build-requires`";
  };
  "makes: a Python that Makes never had is named with those it had" = {
    value = (builtins.head (locksOfFlags "3.7" [ "withWheel_0_37_0" ])).data;
    throws = "withWheel_0_37_0 is not to be had for Python 3.7: wheel 0.37.0 is locked for \"3.10\", \"3.11\", \"3.12\", \"3.13\", \"3.8\", \"3.9\" only";
  };
  "makes: flags take the place of other versions, and what they depend on fills in" = {
    value =
      joined
        [
          "withSetuptools_57_4_0"
          "withSetuptoolsScm_7_1_0"
        ]
        [
          {
            pname = "packaging";
            version = "21.0";
          }
          {
            pname = "setuptools";
            version = "75.0";
          }
        ];
    expected = [
      "packaging 21.0"
      "setuptools 57.4.0"
      "setuptools-scm 7.1.0"
      "tomli ${(builtins.head (locksOfFlags "3.8" [ "withSetuptoolsScm_7_1_0" ])).data.closure.tomli}"
      "typing-extensions ${
        (builtins.head (locksOfFlags "3.8" [ "withSetuptoolsScm_7_1_0" ])).data.closure.typing-extensions
      }"
    ];
  };
  "makes: a flag brings the setuptools that it can't do without" = {
    value =
      joined
        [ "withSetuptoolsScm_5_0_2" ]
        [
          {
            pname = "setuptools";
            version = "84.0";
          }
        ];
    expected = [
      "setuptools 67.8.0"
      "setuptools-scm 5.0.2"
    ];
  };
  "makes: without flags a build has what is locked, in its order" = {
    value =
      joined
        [ ]
        [
          {
            pname = "b";
            version = "1";
          }
          {
            pname = "a";
            version = "1";
          }
        ];
    expected = [
      "b 1"
      "a 1"
    ];
  };
  "makes: a lock of wheels only asks nothing" = {
    value = ofMakes [ "idna-1-py3-none-any.whl" ] ? builds;
    expected = false;
  };
  "makes: of a lock with source distributions these are read, with what there is for them" = {
    value = removeAttrs (ofMakes [
      "docopt-1.tar.gz"
      "idna-1-py3-none-any.whl"
    ]).builds [ "flags" ];
    expected = {
      sources = [
        {
          package = "docopt";
          version = "1";
          name = "docopt-1.tar.gz";
          path = "/downloads/docopt-1.tar.gz";
        }
      ];
      wheels.idna = "1";
      origin = "environment \"x\"";
      given = [ "numpy" ];
      basics = {
        setuptools = "67.7.2";
        wheel = "0.40.0";
      };
    };
  };

  "template: it names the environment's own directories" = {
    value =
      let
        lines = text.lines (template {
          name = "x";
          prefix = "/e";
          python = {
            version = "3.11";
            sitePackages = "lib/python3.11/site-packages";
          };
        });
      in
      map (line: builtins.elem line lines) [
        "_wheelhouse_prepend WHEELHOUSE_SITE_3_11 '/e/lib/python3.11/site-packages'"
        "_wheelhouse_prepend PATH '/e/bin'"
        "export VIRTUAL_ENV='/e'"
      ];
    expected = [
      true
      true
      true
    ];
  };

  "toolchain: interpreters are found by version" = {
    value = map (toolchain packageSet).interpreter [
      "3.11"
      "3.13t"
      "3.9"
      "eleven"
    ];
    expected = [
      "eleven"
      "free"
      null
      null
    ];
  };
  "toolchain: only versions that the package set has are listed" = {
    value = (toolchain packageSet).pythonVersions;
    expected = [
      "3.11"
      "3.13t"
    ];
  };
  "python-version: the folders tell a free-threaded build" = {
    value = map pythonVersion [
      {
        pythonVersion = "3.13";
        sitePackages = "lib/python3.13t/site-packages";
      }
      {
        pythonVersion = "3.13";
        sitePackages = "lib/python3.13/site-packages";
      }
      { pythonVersion = "3.9"; }
    ];
    expected = [
      "3.13t"
      "3.13"
      "3.9"
    ];
  };
  "toolchain: glibc's version is its first two components" = {
    value = (toolchain packageSet).floor;
    expected.glibc = "2.42";
  };
  "toolchain: a package set on musl is a system of its own, whose wheels bring their libraries" = {
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
  "toolchain: a package set on another libc is refused" = {
    value = (onLibc "uclibc" "1.0").floor;
    throws = "built on uclibc, and there are wheels for glibc and musl only";
  };
  "packages: a source distribution without a locked build is refused with the remedy" = {
    value = (makePackages { })."docopt-0.6.2.tar.gz".drvPath;
    throws = "environment \"x\": docopt 0.6.2 has no wheel for \"x86_64-linux\", only the source distribution docopt-0.6.2.tar.gz, and the lock says nothing of its build";
  };
  "packages: a build that needs a file the lock lacks names both" = {
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
  "packages: an unknown key of an override is named with the known ones" = {
    value =
      (makePackages { overrides.docopt.buildInput = [ ]; })."docopt-0.6.2.tar.gz".drvPath;
    throws = "environment \"x\": overrides.docopt has no key \"buildInput\". It knows \"buildInputs\"";
  };
  "packages: a wheel where the source distribution is preferred is an error with its remedy" = {
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
  "packages: a preferred source distribution that the lock has is built" = {
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
  "toolchain: runtime libraries are directories with the attribute that has them" = {
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
