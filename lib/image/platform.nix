let
  text = import ../text.nix;

  # Names of Go, which the image specification takes.
  platforms = {
    aarch64 = {
      architecture = "arm64";
      variant = "v8";
    };
    armv6l = {
      architecture = "arm";
      variant = "v6";
    };
    armv7l = {
      architecture = "arm";
      variant = "v7";
    };
    i686.architecture = "386";
    powerpc64le.architecture = "ppc64le";
    riscv64.architecture = "riscv64";
    s390x.architecture = "s390x";
    x86_64.architecture = "amd64";
  };
in
/*
  Return the platform of an image, as its configuration has it, by Nix' name of the system.

  Type: platform :: string -> string -> { architecture, os, variant :: string }

  Example:
    platform "image \"web\"" "aarch64-linux"
    => { architecture = "arm64"; os = "linux"; variant = "v8"; }
*/
context: system:
let
  machine = text.before "-" system;
in
if !(text.hasSuffix "-linux" system) then
  throw "wheelhouse: ${context}: an image has programs for Linux, but this environment is for \"${system}\". Take the environment of a Linux system, such as packages.${
    if text.hasPrefix "aarch64" system then "aarch64" else "x86_64"
  }-linux, which a remote or a virtual Linux builder builds."
else
  {
    os = "linux";
  }
  // platforms.${machine}
    or (throw "wheelhouse: ${context}: there is no name for the architecture of \"${system}\" in images; there is one for ${text.enumerate (builtins.attrNames platforms)}.")
