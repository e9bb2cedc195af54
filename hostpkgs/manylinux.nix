# The libraries that a manylinux wheel may expect of the system: PEP 513, 571 and 599.
pkgs:
let
  manylinux2014 = [
    pkgs.glibc
    pkgs.stdenv.cc.cc.lib
    pkgs.libx11
    pkgs.libxext
    pkgs.libxrender
    pkgs.libice
    pkgs.libsm
    pkgs.libGL
    pkgs.glib
  ];
in
{
  inherit manylinux2014;
  manylinux2010 = manylinux2014;
  manylinux1 = manylinux2014 ++ [
    pkgs.ncurses
    pkgs.libxcrypt
  ];
}
