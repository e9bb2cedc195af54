# nixpkgs' names of what Debian's packages stand for. seed/debian.py knows Debian's names of them.
{
  libraries = [
    "dbus"
    "expat"
    "fontconfig"
    "freetype"
    "glib"
    "libGL"
    "libice"
    "libsm"
    "libx11"
    "libxext"
    "libxrender"
    "libffi"
    "libglvnd"
    "libjpeg"
    "libxcb"
    "libxcrypt"
    "libxkbcommon"
    "libyaml"
    "ncurses"
    "openssl"
    "zlib"
    "zstd"
  ];

  # With the names that Debian's "alternatives" would make: "alias=program".
  tools = {
    bzip2 = [ ];
    coreutils = [ ];
    diffutils = [ ];
    findutils = [ ];
    gawk = [ "awk=gawk" ];
    gnugrep = [ ];
    gnumake = [ ];
    gnupatch = [ ];
    gnused = [ ];
    gnutar = [ ];
    gzip = [ ];
    pkg-config = [ "pkg-config=pkgconf" ];
    which = [ "which=which.debianutils" ];
    xz = [ ];
  };
}
