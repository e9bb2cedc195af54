# Debian's binary packages as store paths, one each, and the C toolchain made of many. They are those
# of a `suite`, null stands for the machine's own.
{
  seeds,
  bootstrap,
  glibc,
  suite ? null,
}:
let
  inherit (bootstrap) fetchurl;
  inherit (seeds.debian) packages attributes;
  names = import ./attributes.nix;

  file = import ./deb-file.nix { inherit seeds fetchurl; };
  inherit (import ./debian-names.nix seeds) storeName version upstream;

  build =
    name: script: environment:
    derivation (
      {
        name = storeName name;
        inherit glibc;
        inherit (bootstrap) system;
        inherit (seeds.libc) loader;
        builder = bootstrap.interpreter;
        args = [
          "-s"
          "-E"
          "-B"
          (import ./program.nix script)
        ];
        PATH = "${bootstrap.builder}/bin";
        patchelf = "${bootstrap.patchelf}/bin/patchelf";
        preferLocalBuild = true;
      }
      // (if suite == null then { } else { inherit (seeds.libc) multiarch; })
      // environment
    );

  unpacked =
    {
      name,
      debs ? [ name ],
      links ? [ ],
      shell ? "",
      flat ? [ ],
      further ? [ ],
    }:
    let
      depends = builtins.filter (dependency: !(builtins.elem dependency debs)) (
        builtins.concatMap (deb: packages.${deb}.depends) debs
      );
    in
    build "${name}-${version name}" (if isDevelopment name then "headers.py" else "deb.py") (
      {
        debs = map file debs;
        dependencies = map (dependency: libraries.${dependency}) (
          builtins.filter (dependency: !(isDevelopment dependency)) depends ++ further
        );
        inherit links shell;
      }
      // (
        if isDevelopment name then
          {
            propagated = map (dependency: libraries.${dependency}) (
              builtins.filter (
                dependency: isDevelopment dependency && !(builtins.elem dependency toolchainDebs)
              ) depends
            );
            inherit flat;
          }
        else
          { }
      )
    )
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
    else if headersOf ? ${name} then
      headers.${headersOf.${name}}
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
      variables ? [ ],
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
        inherit moves variables;
        shell = if variables == [ ] then "" else "${bash}/bin/bash";
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
          environment.python =
            if python.bytecodeCompiler or "" == "" then python.interpreter else python.bytecodeCompiler;
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
    if suite != null then
      "hostpkgs: Debian's suite ${suite} has no package for ${attribute}."
    else
      "hostpkgs: apt knows no package for ${attribute}; run apt-get update (as root) and try again, or use a machine that reaches nixpkgs.";
  # nixpkgs' name, so that messages name what a user of nixpkgs would add.
  library =
    attribute:
    (
      if names.bundles ? ${attribute} then
        bundles.${attribute} or (throw (unknown attribute))
      else if names.tools ? ${attribute} then
        tools.${attribute} // (if resolved ? ${attribute} then { out = runtime attribute; } else { })
      else
        runtime attribute
    )
    // (if headers ? ${attribute} then { dev = headers.${attribute}; } else { })
    // (if attribute == "libpq" then { inherit pg_config; } else { })
    // {
      pname = attribute;
    };
  resolved = seeds.debian.libraries;
  runtime =
    attribute:
    let
      debs = resolved.${attribute}.libraries or (throw (unknown attribute));
      first = builtins.head (debs ++ resolved.${attribute}.headers);
    in
    if debs == [ ] then
      headers.${attribute}
    else
      # what Debian keeps apart stays apart: a library drags along only what it needs itself
      build "${attribute}-${upstream first}" "join.py" {
        paths = map (name: libraries.${name}) debs;
        flat = names.table.${attribute}.flat or [ ];
      }
      // {
        version = upstream first;
      };

  # As nixpkgs' output `dev`: headers, pkg-config's files, programs such as krb5-config.
  headers = builtins.mapAttrs (
    attribute: packages:
    unpacked {
      name = builtins.head packages.headers;
      debs = packages.headers;
      links = names.table.${attribute}.links or [ ];
      flat = names.table.${attribute}.flat or [ ];
      shell = "${bash}/bin/bash";
      further = packages.libraries;
    }
  ) (
    builtins.removeAttrs resolved (
      builtins.filter (attribute: resolved.${attribute}.headers == [ ]) (builtins.attrNames resolved)
    )
  );
  pg_config =
    let
      deb = builtins.head resolved.libpq.headers;
    in
    build "pg_config-${version deb}" "pg_config.py" {
      debs = file deb;
      dev = "${headers.libpq}";
      shell = "${bash}/bin/bash";
    }
    // {
      pname = "pg_config";
      version = upstream deb;
    };
  headersOf = builtins.listToAttrs (
    builtins.concatMap (
      attribute:
      map (name: {
        inherit name;
        value = attribute;
      }) resolved.${attribute}.headers
    ) (builtins.attrNames resolved)
  );
  isDevelopment = name: builtins.match ".*-((multi)?dev|headers)" name != null;
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
  toolchainDebs = builtins.sort builtins.lessThan (closure seeds.debian.toolchain);
  makeToolchain =
    pname: debs: fortranLib:
    if builtins.length seeds.debian.toolchain < 4 then
      throw "hostpkgs: apt knows no gcc, g++, binutils and libc6-dev; run apt-get update (as root) and try again, or use a machine that reaches nixpkgs."
    else
      build "${pname}-${version "gcc"}" "toolchain.py" {
        debs = map file debs;
        shell = "${bash}/bin/bash";
        readlink = "${tools.coreutils}/bin/readlink";
        gccLib = "${gccLib}";
        inherit fortranLib;
      }
      // {
        inherit pname;
        version = version "gcc";
      };
  toolchain = makeToolchain "gcc-wrapper" toolchainDebs "";

  # As in nixpkgs, a toolchain with one more compiler, whose run-time has the others', too.
  inherit (seeds.debian) fortran;
  gfortran =
    if fortran == [ ] then
      throw (unknown "gfortran")
    else
      makeToolchain "gfortran-wrapper" (builtins.sort builtins.lessThan (
        closure (seeds.debian.toolchain ++ fortran)
      )) "${fortranLib}";
  fortranLib =
    if fortran == [ ] then
      throw (unknown "gfortran")
    else
      build "gfortran-lib-${version "gcc"}" "join.py" {
        paths = [ gccLib ] ++ map (name: libraries.${name}) (builtins.tail fortran);
        flat = [ ];
      }
      // {
        pname = "gfortran";
        version = version "gcc";
      };

  # The C library, its headers, and the compiler for it, which is the other one's with musl's files.
  musl =
    if packages ? musl && packages ? musl-dev then
      build "musl-${version "musl"}" "musl.py" {
        debs = map file [
          "musl"
          "musl-dev"
        ];
        gcc = "${toolchain}";
        readlink = "${tools.coreutils}/bin/readlink";
        shell = "${bash}/bin/bash";
      }
      // {
        pname = "musl";
        version = upstream "musl";
      }
    else
      throw (unknown "musl");

  # The folder of the mirror that names of files begin in.
  mirror = builtins.head (builtins.match "(.*/)pool/.*" packages.${attributes.bash}.url);

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
  inherit
    bash
    bootstrap
    fortranLib
    gfortran
    makeStdenv
    mirror
    musl
    pythonPackages
    toolchain
    ;
  gccLib = known "libstdcxx" (_: gccLib) // { pname = "gcc"; };
  stdenv = makeStdenv "stdenv" [ toolchain ];
  stdenvNoCC = makeStdenv "stdenv-no-cc" [ ];
}
// builtins.listToAttrs (
  map (name: {
    inherit name;
    value = library name;
  }) (names.libraries ++ builtins.attrNames names.bundles)
)
