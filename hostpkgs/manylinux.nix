# The libraries that a manylinux wheel may expect of the system: PEP 513, 571 and 599.
pkgs:
let
  manylinux2014 = [
    pkgs.glibc
    pkgs.stdenv.cc.cc.lib
    pkgs.libX11
    pkgs.libXext
    pkgs.libXrender
    pkgs.libICE
    pkgs.libSM
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
