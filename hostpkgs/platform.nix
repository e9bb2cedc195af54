# `stdenv.hostPlatform` of a Nix system: what nixpkgs says about it.
#
# Type: String -> AttrSet
# Example: (import ./platform.nix "aarch64-darwin").libc => "libSystem"
system:
let
  parts = builtins.match "([^-]+)-(.+)" system;
  cpu = builtins.elemAt parts 0;
  isDarwin = builtins.elemAt parts 1 == "darwin";
in
{
  inherit system isDarwin;
  config = if isDarwin then "${cpu}-apple-darwin" else "${cpu}-unknown-linux-gnu";
  libc = if isDarwin then "libSystem" else "glibc";
  isLinux = !isDarwin;
  isUnix = true;
  isMusl = false;
  isGnu = !isDarwin;
  is64bit = true;
  isx86_64 = cpu == "x86_64";
  isAarch64 = cpu == "aarch64";
  isAarch32 = false;
  extensions.sharedLibrary = if isDarwin then ".dylib" else ".so";
}
// (
  if isDarwin then
    {
      darwinMinVersion = "14.0";
      darwinSdkVersion = "14.4";
    }
  else
    { }
)
