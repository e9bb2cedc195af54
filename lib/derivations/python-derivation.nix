let
  overridable = import ./overridable.nix;
in
/*
  Make a derivation whose builder is a Python program, without shell, stdenv and setup hooks. The
  program finds the path of a JSON file in the variable `specPath`, and writes to `$out`.

  Type: pythonDerivation :: {
    name    :: string, a store name;
    system  :: string;
    python  :: derivation with `interpreter`, which runs the program;
    program :: [string], its file and arguments;
    spec    :: any, passed as JSON;
    programs :: [derivation], that the program runs; by default none;
    preferLocalBuild :: bool, whether no remote builder gets what this machine can build; by
                        default yes;
    passthru :: attrs, attributes that the result has beside those of a derivation;
  } -> derivation with `overrideAttrs`

  Example:
    pythonDerivation { name = "x"; system = "x86_64-linux"; python = pkgs.python3; program = [ "x.py" ]; spec = { }; }
    => «derivation /nix/store/…-x.drv»
*/
{
  name,
  system,
  python,
  program,
  spec,
  programs ? [ ],
  preferLocalBuild ? true,
  passthru ? { },
}:
overridable passthru {
  inherit name system;
  builder = python.interpreter;
  args = [ "-sSB" ] ++ program;
  # The order of sets is part of what bytecode holds.
  PYTHONHASHSEED = "0";
  # One variable holds at most 128 KiB; a file, named by `specPath`, has no such limit.
  passAsFile = [ "spec" ];
  spec = builtins.toJSON spec;
  # A relocated CPython finds its prefix through PATH: Nix starts builders with a bare argv[0].
  PATH =
    if programs == [ ] then
      "${python}/bin"
    else
      builtins.concatStringsSep ":" (map (package: "${package}/bin") ([ python ] ++ programs));
  # A builder would be sent the files and send back what is made of them, which is larger.
  inherit preferLocalBuild;
}
