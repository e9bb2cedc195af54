let
  pythonDerivation = import ./python-derivation.nix;
  pythonVersion = import ../python-version.nix;
  interpreterWithLibraries = import ./interpreter.nix;
  template = import ../shell/template.nix;
  text = import ../text.nix;
in
/*
  Compose a virtual environment of packages.

  Type: environment :: {
    name               :: string;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter;
    packages           :: [derivation], with `pname` and `version`;
    editable           :: [string], names of projects among them whose modules are those of a
                          working tree, which the variable WHEELHOUSE_EDITABLE names;
    searchPaths        :: attrs, what the template adds to the shell;
    variables          :: { <variable> = string | [string] }, of the programs and of the shell;
    directories        :: [string], where programs find libraries that they open by name;
    hostDriver         :: bool, whether they find the GPU driver of the machine they run on, too;
    strict             :: bool, whether a native library that nothing provides is an error;
    ignoreCollisions   :: [string], globs of files where the first package may win;
    meta               :: attrs, of the result beside `mainProgram`; by default none;
  } -> derivation

  Example:
    environment {
      name = "example";
      inherit toolchain builder python;
      packages = [ ];
      searchPaths = { };
      directories = [ ];
      strict = false;
      ignoreCollisions = [ ];
    }
    => «derivation /nix/store/…-example.drv»
*/
{
  name,
  toolchain,
  builder,
  python,
  packages,
  editable ? [ ],
  searchPaths,
  variables ? { },
  directories,
  hostDriver ? false,
  strict,
  ignoreCollisions,
  meta ? { },
}:
let
  # macOS has no variable that could be set for the start of a program and unset afterwards.
  extended = (hostDriver || directories != [ ]) && toolchain.libc != "libSystem";
  interpreter = {
    executable = python.interpreter;
    version = pythonVersion python;
    inherit (python) sitePackages;
  };
  prefix = builtins.placeholder "out";
in
pythonDerivation {
  name = text.storeName name;
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${builder}"
    "compose"
  ];
  spec = {
    inherit
      name
      prefix
      strict
      ignoreCollisions
      ;
    python = interpreter;
    start =
      if extended then
        interpreterWithLibraries {
          inherit
            toolchain
            builder
            python
            directories
            hostDriver
            ;
        }
      else
        null;
    packages = map (
      package:
      {
        name = package.pname;
        inherit (package) version;
        path = package;
      }
      // (
        if builtins.elem package.pname editable then { editable = "${package.source}"; } else { }
      )
    ) packages;
    template = template {
      inherit
        name
        prefix
        searchPaths
        variables
        ;
      python = interpreter;
    };
  }
  // (if editable == [ ] then { } else { editableModule = ../../runtime/_wheelhouse_editable.py; })
  // (
    if variables == { } then
      { }
    else
      {
        inherit variables;
        variablesModule = ../../runtime/_wheelhouse_variables.py;
      }
  );
  passthru = {
    # `nix run .#env -- program.py`
    meta = meta // {
      mainProgram = "python";
    };
    inherit python;
  };
}
