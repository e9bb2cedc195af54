let
  nearNames = import ../near-names.nix;
  pythonDerivation = import ./python-derivation.nix;
  text = import ../text.nix;

  # The arguments of `override`, and of which type they are.
  defaults = {
    skip = [ ];
    only = null;
    timeout = 300;
  };
  isGlobs = value: builtins.isList value && builtins.all builtins.isString value;
  isRight = {
    skip = isGlobs;
    only = value: value == null || isGlobs value;
    timeout = value: (builtins.isInt value || builtins.isFloat value) && value > 0;
  };
  wanted = {
    skip = "a list of globs of dotted names, such as [ \"package.*\" ]";
    only = "a list of globs of dotted names, such as [ \"package.*\" ], or null";
    timeout = "a number of seconds, more than 0";
  };

  check =
    where: given:
    let
      unknown = builtins.filter (key: !(defaults ? ${key})) (builtins.attrNames given);
      near = nearNames (builtins.head unknown) (builtins.attrNames defaults);
      wrong = builtins.filter (key: !(isRight.${key} given.${key})) (builtins.attrNames given);
      first = builtins.head wrong;
    in
    if unknown != [ ] then
      throw "wheelhouse: ${where} has no argument \"${builtins.head unknown}\".${
        if near == [ ] then
          " It has ${text.enumerate (builtins.attrNames defaults)}."
        else
          " Did you mean ${text.enumerate near}?"
      }"
    else if wrong != [ ] then
      throw "wheelhouse: ${where}: `${first}` must be ${wanted.${first}}."
    else
      given;
in
/*
  Import the modules of an environment's packages in the sandbox: those at the top, those in namespace
  packages, and extension modules. The build fails with all modules that can't be imported, and why.
  `override` makes it again with `skip` and `only`, globs of dotted names, and `timeout`, the seconds
  that a module may take.

  Type: importCheck :: {
    toolchain, builder :: the record, the derivation;
    environment        :: derivation;
    packages           :: [derivation], with `pname` and `version`;
  } -> derivation with `override`, a text with a line a module

  Example:
    (importCheck { inherit toolchain builder; environment = env; packages = [ ]; }).override { skip = [ "idna" ]; }
    => «derivation /nix/store/…-example-imports.drv»
*/
{
  toolchain,
  builder,
  environment,
  packages,
}:
let
  make =
    choices:
    pythonDerivation {
      name = text.storeName "${environment.name}-imports";
      inherit (toolchain) system;
      inherit (builder) python;
      # It computes for long, and gives back a few lines.
      preferLocalBuild = false;
      program = [
        "${builder}"
        "imports"
      ];
      spec = {
        python = "${environment}/bin/python";
        inherit (environment.python) sitePackages;
        inherit (choices) skip only timeout;
        packages = map (package: {
          name = package.pname;
          path = package;
        }) packages;
        programs = map (program: "${program}/bin") [
          toolchain.coreutils
          toolchain.bash
        ];
      };
      passthru.override =
        change:
        let
          given = if builtins.isFunction change then change choices else change;
        in
        make (choices // check "tests.imports.override of ${environment.name}" given);
    };
in
make defaults
