# nixpkgs' names of what Debian's packages stand for. libraries.json and seed/debian.py know Debian's
# names of them.
let
  # Beside the packages, `links` below bin/ ("alias=program"), and `flat` folders of include/ whose
  # content stands in include/ itself.
  table = builtins.fromJSON (builtins.readFile ./libraries.json);
in
{
  inherit table;
  libraries = builtins.attrNames table;

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

  # Several of Debian's packages each. `moves` says which folders stand elsewhere in nixpkgs,
  # `further` names libraries that a typelib is about and Debian's package doesn't depend on.
  bundles = {
    at-spi2-core = { };
    cairo = { };
    dejavu_fonts = { };
    gdk-pixbuf = { };
    gobject-introspection.further = [ "libcairo-gobject2" ];
    gtk3 = { };
    harfbuzz = { };
    pango = { };
    tcl.moves = [ "share/tcltk=lib" ];
    tk.moves = [ "share/tcltk=lib" ];
    xkbcomp = { };
    xkeyboard-config = { };
    xorg-server = { };
  };
}
