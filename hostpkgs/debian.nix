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

  storeName = builtins.replaceStrings [ "~" ":" ] [ "-" "-" ];
  # Without Debian's epoch.
  version =
    package:
    let
      epoch = builtins.match "[0-9]+:(.*)" package.version;
    in
    if epoch == null then package.version else builtins.head epoch;

  fetch =
    name:
    fetchurl {
      inherit (packages.${name}) url sha256;
      name = storeName "${name}-${version packages.${name}}.deb";
    };

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
          "${./build}/${script}"
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
    }:
    build "${name}-${version packages.${name}}" "deb.py" {
      debs = map fetch debs;
      dependencies = map (dependency: libraries.${dependency}) (
        builtins.filter (dependency: !(builtins.elem dependency debs)) (
          builtins.concatMap (deb: packages.${deb}.depends) debs
        )
      );
      inherit links shell;
    }
    // {
      pname = name;
      version = version packages.${name};
    };

  gccLib = unpacked {
    name = attributes.libstdcxx;
    debs = [
      attributes.libstdcxx
      attributes.libgcc
    ];
  };
  libraries = builtins.mapAttrs (name: _: unpacked { inherit name; }) packages // {
    ${attributes.libstdcxx} = gccLib;
    ${attributes.libgcc} = gccLib;
  };

  # A package of a nixpkgs attribute; a missing one says so when it is used.
  known =
    attribute: use:
    if attributes ? ${attribute} then
      use attributes.${attribute}
    else
      throw "hostpkgs: apt knows no package for ${attribute}; run apt-get update (as root) and try again, or use a machine that reaches nixpkgs.";
  library = attribute: known attribute (name: libraries.${name});
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
in
{
  inherit bash;
  gccLib = known "libstdcxx" (_: gccLib);
}
// builtins.listToAttrs (
  map
    (attribute: {
      name = attribute;
      value = library attribute;
    })
    [
      "zlib"
      "libX11"
      "libXext"
      "libXrender"
      "libICE"
      "libSM"
      "libGL"
      "glib"
      "libxcrypt"
      "expat"
      "ncurses"
    ]
)
// builtins.mapAttrs tool {
  coreutils = [ ];
  gnutar = [ ];
  gnused = [ ];
  gnugrep = [ ];
  gnumake = [ ];
  findutils = [ ];
  gawk = [ "awk=gawk" ];
  diffutils = [ ];
  gnupatch = [ ];
  xz = [ ];
  gzip = [ ];
  bzip2 = [ ];
  which = [ "which=which.debianutils" ];
  pkg-config = [ "pkg-config=pkgconf" ];
}
