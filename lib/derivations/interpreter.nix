let
  text = import ../text.nix;
in
/*
  Make the `bin/python` of an environment whose programs open libraries by name (`dlopen`, `ctypes`):
  a program that starts the interpreter with a library path, and a start-up module that hides the
  path from what the interpreter starts. It depends on no package of the environment. With
  `hostDriver`, the path has the libraries of the host's GPU driver, too (runtime/driver.c).

  A copy of the interpreter with an rpath would need no compiler, but the loader ignores the rpath
  of a program for what an object with a runpath opens, and nixpkgs' own `_ctypes` has one.

  Type: interpreter :: {
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter that it starts;
    directories        :: [string], of libraries, in order of search;
    hostDriver         :: bool, whether programs find the GPU driver of the machine they run on;
  } -> derivation with bin/python, and with site/ for the environment's site-packages

  Example:
    interpreter { inherit toolchain builder python; directories = [ "/portaudio/lib" ]; }
    => «derivation /nix/store/…-python3.11-with-libraries.drv»
*/
{
  toolchain,
  builder,
  python,
  directories,
  hostDriver ? false,
}:
let
  machine = builtins.head (builtins.split "-" toolchain.system);
  # What NixOS, WSL and containers have stands before the folders of distributions: those may hold
  # what a container's image has brought.
  driverFolders = [
    toolchain.driverPath
    "/usr/lib/wsl/lib"
    "/usr/local/nvidia/lib64"
    "/usr/local/nvidia/lib"
    "/usr/lib/${machine}-linux-gnu"
    "/usr/lib64"
    "/usr/lib"
  ];
  driverOptions =
    if hostDriver then
      "-DDRIVER_FOLDERS='\"${builtins.concatStringsSep ":" driverFolders}\"' ${../../runtime/driver.c} "
    else
      "";
in
toolchain.stdenv.mkDerivation {
  name = text.storeName "python${python.pythonVersion}-with-libraries";
  dontUnpack = true;
  dontConfigure = true;
  dontInstall = true;
  dontFixup = true;
  passAsFile = [ "spec" ];
  spec = builtins.toJSON (
    {
      inherit directories;
      python = python.interpreter;
      module = ../../runtime/_wheelhouse_libraries.py;
    }
    // (
      if hostDriver then
        {
          driver = {
            module = ../../runtime/wheelhouse_driver.py;
            folders = driverFolders;
          };
        }
      else
        { }
    )
  );
  buildPhase = ''
    runHook preBuild
    PATH=${builder.python}/bin:$PATH ${builder.python.interpreter} -EsSB ${builder} libraries
    mkdir $out/bin
    # Python before 3.11 follows bin/python to here before it looks for itself.
    echo "home = ${builtins.dirOf python.interpreter}" >$out/pyvenv.cfg
    # Symbols would name the source, which would then belong to the closure.
    $CC -O2 -s \
      -DPYTHON='"${python.interpreter}"' -DDIRECTORIES="\"$(cat $out/path)\"" \
      ${driverOptions}-o $out/bin/python ${../../runtime/interpreter.c}
    runHook postBuild
  '';
}
