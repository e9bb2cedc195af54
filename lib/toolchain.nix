# All that the library takes from nixpkgs, as one record. Nothing else in lib/ names an attribute
# of nixpkgs, so another package set, or a record written by hand, can take its place.
let
  libraryOutput = import ./library-output.nix;
  ownPythons = import ./own-pythons.nix;

  pythonAttribute = import ./python-attribute.nix;

  # The version that an attribute of the package set is an interpreter of, as a list; else an empty
  # one. nixpkgs still has Python 2, which no lock is for.
  versionsOf =
    attribute:
    let
      parts = builtins.match "python3([0-9]+)(FreeThreading)?" attribute;
      at = builtins.elemAt parts;
    in
    if parts == null then
      [ ]
    else
      [ "3.${at 0}${if at 1 == null then "" else "t"}" ];

  older = one: other: builtins.compareVersions one other < 0;
in
/*
  Return the toolchain record of a package set.

  Type: toolchain :: pkgs -> {
    system           :: string, Nix' name of the platform;
    target           :: string, the same platform as locks name it ("x86_64-linux-musl");
    libc             :: string, "glibc", "musl" or "libSystem";
    floor            :: { glibc | musl | macos :: string }, the platform's version that wheels are held against;
    python           :: derivation, the interpreter that runs the lock app, and the builder where
                        an environment's own can't: `python3`, or the newest that has locks of them;
    interpreter      :: string -> derivation | null, by version ("3.11", "3.13t");
    pythonVersions   :: [string], those that `interpreter` has;
    runtimeLibraries :: [{ attribute :: string; directory :: string }], in order of search;
    basicLibraries   :: the first of them, which nearly every native wheel needs;
    attribute        :: string -> derivation | null, by a path such as "stdenv.cc.cc.lib";
    pythonPackages   :: derivation -> attrs, the package set's Python packages for an interpreter;
    packageSet       :: path, of the package set's own files, for programs that build;
    driverPath       :: string, where the system keeps the libraries of its drivers;
    patch, patchelf, bash, coreutils, uv :: derivation;
    stdenv           :: what compiles source distributions;
  }

  Example:
    (toolchain pkgs).interpreter "3.11"
    => pkgs.python311
*/
pkgs:
let
  # What nixpkgs has removed throws: `python39` stays an attribute after its end of life.
  interpreter =
    version:
    let
      attribute = pythonAttribute version;
      found = builtins.tryEval (pkgs.${attribute} or null);
    in
    if attribute != null && found.success then found.value else null;

  # By their names, since no list knows next year's: 10 ms on nixpkgs' 25,000 attributes.
  pythonVersions = builtins.sort older (
    builtins.filter (version: (interpreter version).pythonVersion or null != null) (
      builtins.concatMap versionsOf (builtins.attrNames pkgs)
    )
  );

  # Those that can run wheelhouse itself, where the package set's own one can't.
  running = builtins.filter (version: builtins.elem version ownPythons) pythonVersions;

  platform =
    let
      host = pkgs.stdenv.hostPlatform;
      build = pkgs.stdenv.buildPlatform or host;
    in
    if build.system != host.system then
      throw "wheelhouse: the package set cross-compiles for ${host.system} on ${build.system}, but environments are made by the Python that they are for. Take the package set of ${host.system} itself, as nixpkgs.legacyPackages.${host.system}: a remote builder or emulation builds it."
    else if host.isStatic or false then
      throw "wheelhouse: the package set links statically (`pkgsStatic`), and a static Python loads no extension module of a wheel. Take `pkgsMusl`, or the package set itself."
    else
      host;
  linux = platform.isLinux;

  basicLibraries =
    if linux then
      [
        {
          attribute = "stdenv.cc.cc.lib";
          directory = "${libraryOutput pkgs.stdenv.cc.cc}/lib";
        }
        # Allowed to wheels since manylinux2014, but not in every nixpkgs' list.
        {
          attribute = "zlib";
          directory = "${libraryOutput pkgs.zlib}/lib";
        }
      ]
    else
      [ ];
in
{
  inherit (platform) system libc;
  inherit (pkgs)
    bash
    coreutils
    patchelf
    stdenv
    uv
    ;

  patch = pkgs.gnupatch;

  # The system as locks name it: Nix' own name doesn't tell musl from glibc.
  target = if platform.libc == "musl" then "${platform.system}-musl" else platform.system;

  floor =
    if platform.libc == "glibc" || platform.libc == "musl" then
      {
        # nixpkgs writes "2.42-67": the first two components are the libc's own.
        ${platform.libc} = builtins.head (
          builtins.match "([0-9]+\\.[0-9]+).*" pkgs.stdenv.cc.libc.version
        );
      }
    else if linux then
      throw "wheelhouse: the package set for ${platform.system} is built on ${platform.libc}, and there are wheels for glibc and musl only. Use a package set on one of those."
    else
      { macos = platform.darwinMinVersion; };

  python =
    if builtins.elem (pkgs.python3.pythonVersion or "") ownPythons || running == [ ] then
      pkgs.python3
    else
      interpreter (builtins.elemAt running (builtins.length running - 1));

  inherit interpreter pythonVersions;

  inherit basicLibraries;

  runtimeLibraries =
    basicLibraries
    ++ (
      # PEP 656: wheels for musl bring all but the libc.
      if platform.libc == "glibc" then
        map (package: {
          attribute = package.pname or package.name;
          directory = "${libraryOutput package}/lib";
        }) pkgs.pythonManylinuxPackages.manylinux1
        ++ [
          # Allowed to wheels by every policy, but not in every nixpkgs' list.
          {
            attribute = "expat";
            directory = "${libraryOutput pkgs.expat}/lib";
          }
          # No policy allows it, and wheels that draw (opencv, Qt) count on it beside libX11.
          # nixpkgs had it in `xorg` until 25.11.
          {
            attribute = "libxcb";
            directory = "${libraryOutput (pkgs.libxcb or pkgs.xorg.libxcb)}/lib";
          }
        ]
      else
        [ ]
    );

  attribute =
    path:
    let
      names = builtins.filter builtins.isString (builtins.split "\\." path);
      # What nixpkgs has removed throws there.
      found = builtins.tryEval (
        builtins.foldl' (set: name: if builtins.isAttrs set then set.${name} or null else null) pkgs names
      );
    in
    if found.success then found.value else null;

  pythonPackages = python: python.pkgs or { };

  packageSet =
    pkgs.path
      or (throw "wheelhouse: the package set has no `path`, the folder that it is imported from, which programs that make environments need. Add it, as in `pkgs // { path = nixpkgs; }`.");

  driverPath = "/run/opengl-driver/lib";
}
