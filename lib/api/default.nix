/*
  The public functions of the library: each has the name of its file. A file is a function from
  `{ toolchain, builderFor }`, which lib/default.nix gives, to the public function.

  Type: api :: { <name> = path }

  Example:
    builtins.attrNames api
    => [ "makeOciImage" "makePythonPypiApplication" "makePythonPypiEnvironment" "makePythonScript" "makeShell" ]
*/
{
  makeOciImage = ./makeOciImage.nix;
  makePythonPypiApplication = ./makePythonPypiApplication.nix;
  makePythonPypiEnvironment = ./makePythonPypiEnvironment.nix;
  makePythonScript = ./makePythonScript.nix;
  makeShell = ./makeShell.nix;
}
