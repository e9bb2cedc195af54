let
  derive = import ./derive.nix;
  text = import ./text.nix;
in
/*
  A check that imports every top-level module of an environment's packages in the sandbox, and says
  of all that fail which they are and why.

  Type: importCheck :: {
    toolchain, builder :: the record, the derivation;
    environment        :: derivation;
    packages           :: [derivation], with `pname` and `version`;
  } -> derivation, a text with a line a module

  Example:
    importCheck { environment = env; … }
    => «derivation /nix/store/…-env-imports.drv»
*/
{
  toolchain,
  builder,
  environment,
  packages,
}:
derive {
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
