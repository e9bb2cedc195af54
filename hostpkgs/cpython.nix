# CPython as its developers publish it, compiled with the package set's own stdenv: for builds that
# Debian has no package of. What nixpkgs' own has beside it (test modules, tkinter, curses' database,
# optimization by profiles) is left out.
#
# `builder` is the interpreter that runs the scripts of build/, `source` the tarball: version, url,
# sha256. `libraries` are inputs; a module without its library isn't built.
#
# Type: { stdenv, fetchurl, patchelf, builder, minor, source, freeThreading ? false,
#   nativeInputs ? [ ], libraries } -> Derivation
{
  stdenv,
  fetchurl,
  patchelf,
  builder,
  minor,
  source,
  freeThreading ? false,
  nativeInputs ? [ ],
  libraries,
}:
let
  executable = "python${minor}${if freeThreading then "t" else ""}";
in
stdenv.mkDerivation {
  pname = "python3";
  inherit (source) version;
  src = fetchurl {
    inherit (source) url sha256;
    name = "python-${source.version}.tar.xz";
  };
  nativeBuildInputs = nativeInputs;
  buildInputs = libraries;
  configureFlags = [
    "--without-ensurepip"
    "--disable-test-modules"
    "--with-computed-gotos"
    (if freeThreading then "--disable-gil" else "--enable-gil")
  ];
  # It is for tests, and compiling it takes longest.
  OPT = "-DNDEBUG -O1 -fwrapv -Wall";
  # the same for each build: of the time of the build, of the seed of hashes
  PYTHONHASHSEED = "0";
  enableParallelBuilding = true;
  # Bytecode is compiled at the end, and of one kind only.
  installPhase = ''
    make SHELL="$SHELL" COMPILEALL_OPTS=--help \
      altbininstall bininstall libinstall inclinstall libainstall sharedinstall >install.log
  '';
  inherit executable;
  glibc = stdenv.cc.libc;
  patchelf = "${patchelf}/bin/patchelf";
  fixupPhase = ''
    ln -sf ${executable} $out/bin/python
    ${builder} -sEB ${import ./program.nix "built_interpreter.py"}
  '';
}
