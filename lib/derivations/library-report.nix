let
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Write a report on the native libraries of an environment's packages: which are missing, which one
  package takes from another, which the package set gives, which Python code opens by name; each
  with package, file, soname and attribute.

  Type: libraryReport :: {
    name               :: string, of the environment;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    packages           :: [derivation];
    directories        :: [string], where programs find libraries that they open by name;
    lacking            :: [string], attributes with such libraries that the package set lacks;
    hostDriver         :: bool, whether programs find the GPU driver of the machine they run on;
  } -> derivation

  Example:
    libraryReport { name = "example"; inherit toolchain builder python; packages = [ ]; }
    => «derivation /nix/store/…-example-report.drv»
*/
{
  name,
  toolchain,
  builder,
  python,
  packages,
  directories ? [ ],
  lacking ? [ ],
  hostDriver ? false,
}:
pythonDerivation {
  name = text.storeName "${name}-report";
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "report"
  ];
  spec = {
    inherit packages hostDriver lacking;
    inherit (python) sitePackages;
    # What code opens by name on other systems isn't read from it.
    directories = if toolchain.libc == "libSystem" then null else directories;
  };
}
