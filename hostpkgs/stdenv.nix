# stdenv and the functions that build on it.
{
  final,
  machine,
  platform,
  system,
}:
{
  stdenv = {
    inherit system;
    inherit (platform) isLinux isDarwin isx86_64 isAarch64;
    hostPlatform = platform;
    buildPlatform = platform;
    targetPlatform = platform;
    cc = {
      cc = { lib = machine.gccLib; };
      libc = machine.glibc;
    };
  };
}
