# `pkgsMusl`: musl and its compiler of Debian's packages, one Python, and the libraries that it is
# linked with. Programs that only help a build (bash, coreutils, uv) are those of the other set.
#
# `python` makes the interpreter of a stdenv and libraries.
{
  fetchurl,
  machine,
  pinned,
  pkgs,
  platform,
  python,
  pythonAttribute,
  system,
}:
let
  inherit (machine) musl;
  muslMachine = {
    inherit (machine) bash;
    toolchain = musl;
    glibc = musl;
    gccLib = musl;
    gfortran = throw "hostpkgs: pkgsMusl has a compiler for C only.";
    fortranLib = muslMachine.gfortran;
    stdenv = machine.makeStdenv "stdenv-musl" [ musl ];
    inherit (machine) stdenvNoCC;
  };
  cpu = builtins.head (builtins.split "-" system);
  stdenvs = import ./stdenv.nix {
    machine = muslMachine;
    platform = platform // {
      config = "${cpu}-unknown-linux-musl";
      libc = "musl";
      isMusl = true;
      isGnu = false;
    };
    inherit system;
  };
  inherit (stdenvs) stdenv;

  make =
    pname: arguments:
    stdenv.mkDerivation (
      {
        inherit pname;
        inherit (pinned.${pname}) version;
        src = fetchurl {
          inherit (pinned.${pname}) url sha256;
          name = builtins.baseNameOf (
            builtins.replaceStrings [ "%2b" "~" ] [ "+" "-" ] pinned.${pname}.path
          );
        };
      }
      // arguments
    );
  libraries = {
    bzip2 = make "bzip2" {
      buildPhase = "make -f Makefile-libbz2_so CC=gcc SHELL=$SHELL all";
      installPhase = ''
        mkdir -p $out/lib $out/include
        cp bzlib.h $out/include/
        cp libbz2.so.1.0.* $out/lib/
        ln -s libbz2.so.1.0 $out/lib/libbz2.so
        ln -sf "$(basename $out/lib/libbz2.so.1.0.*)" $out/lib/libbz2.so.1.0
      '';
    };
    libffi = make "libffi" {
      configureFlags = [
        "--disable-static"
        "--disable-docs"
        # its file calls what it doesn't declare on musl, which new compilers refuse
        "--disable-exec-static-tramp"
      ];
    };
    xz = make "xz" {
      configureFlags = [
        "--disable-static"
        "--disable-doc"
        "--disable-scripts"
        "--disable-xz"
        "--disable-xzdec"
        "--disable-lzmadec"
        "--disable-lzmainfo"
        "--disable-nls"
      ];
    };
    zlib = make "zlib" { };
  };
  interpreter = python stdenv (builtins.attrValues libraries);

  set =
    overlay:
    let
      base = stdenvs // libraries // {
        inherit system musl;
        inherit (pkgs)
          addDriverRunpath
          bash
          bashInteractive
          coreutils
          gnupatch
          patchelf
          path
          pkg-config
          uv
          ;
        python3 = interpreter;
        python3Packages = interpreter.pkgs;
        ${pythonAttribute} = interpreter;
        "${pythonAttribute}Packages" = interpreter.pkgs;
      };
      final = base // overlay final base;
    in
    final
    // {
      extend =
        further:
        set (
          final: previous:
          let
            first = overlay final previous;
          in
          first // further final (previous // first)
        );
    };
in
set (_: _: { })
