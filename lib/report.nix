let
  derive = import ./derive.nix;
  text = import ./text.nix;
in
/*
  A text on the native libraries of an environment's packages: which are missing, which one package
  borrows from another, which the package set gives; each with package, file, soname and attribute.

  Type: report :: {
    name               :: string, of the environment;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    packages           :: [derivation];
  } -> derivation

  Example:
    report { name = "example"; packages = [ … ]; … }
    => «derivation /nix/store/…-example-report.drv»
*/
{
  name,
  toolchain,
  builder,
  python,
  packages,
}:
derive {
  name = text.storeName "${name}-report";
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "report"
  ];
  spec = {
    inherit packages;
    inherit (python) sitePackages;
  };
}
