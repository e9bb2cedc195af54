# nixpkgs' names of what Debian's packages stand for. libraries.json and seed/debian.py know Debian's
# names of them.
let
  # Beside the packages, `links` below bin/ ("alias=program"), and `flat` folders such as
  # include/NAME, whose content stands in include/, too.
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
    gnum4 = [ ];
    gnumake = [ ];
    gnupatch = [ ];
    gnused = [ ];
    gnutar = [ ];
    gperf = [ ];
    gzip = [ ];
    nasm = [ ];
    ninja = [ ];
    pkg-config = [ "pkg-config=pkgconf" ];
    re2c = [ ];
    unzip = [ ];
    which = [ "which=which.debianutils" ];
    xxd = [ ];
    xz = [ ];
    yasm = [ ];
    zip = [ ];
  };

  # Several of Debian's packages each. `moves` says which folders stand elsewhere in nixpkgs,
  # `further` names libraries that a typelib is about and Debian's package doesn't depend on,
  # `variables` tell programs where their files are: a glob below the store path each.
  bundles = {
    at-spi2-core = { };
    cairo = { };
    dejavu_fonts = { };
    gdk-pixbuf = { };
    gobject-introspection.further = [ "libcairo-gobject2" ];
    gtk3 = { };
    harfbuzz = { };
    pango = { };
    swig.variables = [ "SWIG_LIB=share/swig*" ];
    tcl.moves = [ "share/tcltk=lib" ];
    tk.moves = [ "share/tcltk=lib" ];
    tesseract.variables = [ "TESSDATA_PREFIX=share/tesseract-ocr/*/tessdata" ];
    xkbcomp = { };
    xkeyboard-config = { };
    xorg-server = { };
  };
}
