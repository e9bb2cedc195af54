let
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;
in
/*
  Import every top-level module of an environment's packages in the sandbox. The build fails with all
  modules that can't be imported, and why.

  Type: importCheck :: {
    toolchain, builder :: the record, the derivation;
    environment        :: derivation;
    packages           :: [derivation], with `pname` and `version`;
  } -> derivation, a text with a line a module

  Example:
    importCheck { inherit toolchain builder; environment = env; packages = [ ]; }
    => «derivation /nix/store/…-example-imports.drv»
*/
{
  toolchain,
  builder,
  environment,
  packages,
}:
pythonDerivation {
  name = text.storeName "${environment.name}-imports";
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "imports"
  ];
  spec = {
    python = "${environment}/bin/python";
    inherit (environment.python) sitePackages;
    packages = map (package: {
      name = package.pname;
      path = package;
    }) packages;
  };
}
