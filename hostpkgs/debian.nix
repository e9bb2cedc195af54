# Debian's binary packages as store paths, one each, and the C toolchain made of many.
{
  seeds,
  system,
  fetchurl,
  glibc,
  patchelf,
  python,
  interpreter,
}:
let
  inherit (seeds.debian) packages attributes;
  names = import ./attributes.nix;

  file = import ./deb-file.nix { inherit seeds fetchurl; };
  inherit (import ./debian-names.nix seeds) storeName version upstream;

  build =
    name: script: environment:
    derivation (
      {
        name = storeName name;
        inherit system glibc;
        inherit (seeds.libc) loader;
        builder = interpreter;
        args = [
          "-s"
          "-E"
          "-B"
          (import ./program.nix script)
        ];
        PATH = "${python}/bin";
        patchelf = "${patchelf}/bin/patchelf";
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      // environment
    );

  unpacked =
    {
      name,
      debs ? [ name ],
      links ? [ ],
      shell ? "",
      dependencies ? map (dependency: libraries.${dependency}) (
        builtins.filter (dependency: !(builtins.elem dependency debs)) (
          builtins.concatMap (deb: packages.${deb}.depends) debs
        )
      ),
    }:
    build "${name}-${version name}" "deb.py" {
      debs = map file debs;
      inherit dependencies links shell;
    }
    // {
      pname = name;
      version = version name;
    };

  # As in nixpkgs, one package has all of the compiler's run-time.
  gccDebs = map (attribute: attributes.${attribute}) (
    builtins.filter (attribute: attributes ? ${attribute}) [
      "libstdcxx"
      "libgcc"
      "libgomp"
      "libatomic"
    ]
  );
  gccLib = unpacked {
    name = attributes.libstdcxx;
    debs = gccDebs;
  };
  libraries = builtins.mapAttrs (
    name: _:
    if builtins.elem name gccDebs then
      gccLib
    else if bundleOf ? ${name} then
      bundles.${bundleOf.${name}}
    else
      unpacked { inherit name; }
  ) packages;

  # As in nixpkgs, one package has a library, its typelib and what else Debian keeps apart.
  bundle =
    {
      pname,
      version,
      debs,
      script ? "bundle.py",
      moves ? [ ],
      further ? [ ],
      environment ? { },
    }:
    build "${pname}-${version}" script (
      {
        debs = map file debs;
        dependencies = map (dependency: libraries.${dependency}) (
          builtins.filter (dependency: !(builtins.elem dependency debs)) (
            builtins.concatMap (deb: packages.${deb}.depends) debs
            ++ builtins.filter (dependency: packages ? ${dependency}) further
          )
        );
        inherit moves;
        shell = "";
        python = "";
      }
      // environment
    )
    // {
      inherit pname version;
    };
  bundles = builtins.mapAttrs (
    pname: debs:
    bundle (
      {
        inherit pname debs;
        version = upstream (builtins.head debs);
      }
      // names.bundles.${pname}
      // adapted.${pname} or { }
    )
  ) seeds.debian.bundles;
  adapted.xorg-server = {
    script = "xorg_server.py";
    environment = {
      shell = "${bash}/bin/bash";
      xkbcomp = "${bundles.xkbcomp}";
      layouts = "${bundles.xkeyboard-config}/share/X11/xkb";
    };
  };
  bundleOf = builtins.listToAttrs (
    builtins.concatMap (
      attribute:
      map (name: {
        inherit name;
        value = attribute;
      }) seeds.debian.bundles.${attribute}
    ) (builtins.attrNames seeds.debian.bundles)
  );

  pythonPackages =
    minor: python:
    import ./python-packages.nix {
      inherit seeds minor python;
      gobject-introspection = bundles.gobject-introspection;
      make =
        { pname, version, debs }:
        bundle {
          pname = "python${minor}-${pname}";
          inherit version debs;
          moves = [
            "lib/python3/dist-packages=${python.sitePackages}"
            "lib/python${minor}/lib-dynload=${python.sitePackages}"
            "lib/python${minor}=${python.sitePackages}"
          ];
          environment.python = python.interpreter;
        };
    };

  # A package of a nixpkgs attribute; a missing one says so when it is used.
  known =
    attribute: use:
    if attributes ? ${attribute} then
      use attributes.${attribute}
    else
      throw (unknown attribute);
  unknown =
    attribute:
    "hostpkgs: apt knows no package for ${attribute}; run apt-get update (as root) and try again, or use a machine that reaches nixpkgs.";
  # nixpkgs' name, so that messages name what a user of nixpkgs would add.
  library =
    attribute:
    known attribute (name: libraries.${name} // development attribute libraries.${name})
    // {
      pname = attribute;
    };
  development =
    attribute: runtime:
    if development' ? ${attribute} then
      {
        dev = unpacked {
          name = development'.${attribute};
          dependencies = [ runtime ];
        };
      }
    else
      { };
  development' = seeds.debian.development;
  bash = known "bash" (
    name:
    unpacked {
      inherit name;
      links = [ "sh=bash" ];
    }
  );
  tool =
    attribute: links:
    known attribute (
      name:
      unpacked {
        inherit name links;
        shell = "${bash}/bin/bash";
      }
    );
  tools = builtins.mapAttrs tool names.tools;

  # Every package that some others bring along, they included.
  closure =
    names:
    map (item: item.key) (
      builtins.genericClosure {
        startSet = map (key: { inherit key; }) names;
        operator = item: map (key: { inherit key; }) packages.${item.key}.depends;
      }
    );
  toolchain =
    if builtins.length seeds.debian.toolchain < 4 then
      throw "hostpkgs: apt knows no gcc, g++, binutils and libc6-dev; run apt-get update (as root) and try again, or use a machine that reaches nixpkgs."
    else
      build "gcc-wrapper-${version "gcc"}" "toolchain.py" {
        debs = map file (builtins.sort builtins.lessThan (closure seeds.debian.toolchain));
        shell = "${bash}/bin/bash";
        readlink = "${tools.coreutils}/bin/readlink";
        gccLib = "${gccLib}";
      }
      // {
        pname = "gcc-wrapper";
        version = version "gcc";
      };

  makeStdenv =
    name: cc:
    build name "stdenv.py" {
      setup = ./build/setup.sh;
      shell = "${bash}/bin/bash";
      initialPath = cc ++ [
        bash
        tools.coreutils
        tools.findutils
        tools.diffutils
        tools.gnused
        tools.gnugrep
        tools.gawk
        tools.gnutar
        tools.gzip
        tools.bzip2
        tools.gnumake
        tools.gnupatch
        tools.xz
      ];
    };
in
tools
// {
  inherit bash toolchain pythonPackages;
  gccLib = known "libstdcxx" (_: gccLib) // { pname = "gcc"; };
  stdenv = makeStdenv "stdenv" [ toolchain ];
  stdenvNoCC = makeStdenv "stdenv-no-cc" [ ];
}
// builtins.listToAttrs (
  map (name: {
    inherit name;
    value = library name;
  }) names.libraries
  ++ map (name: {
    inherit name;
    value = bundles.${name} or (throw (unknown name));
  }) (builtins.attrNames names.bundles)
)
