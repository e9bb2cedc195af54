let
  installGuards = import ../derivations/install-guards.nix;
  text = import ../text.nix;
  workingTree = import ../shell/working-tree.nix;
in
/*
  Make a shell for `nix develop` and `nix-shell`: it sources an environment's template, and has
  other packages' programs on PATH. Projects of the environment may be editable there: their modules
  are those of the working tree that the shell is entered in.

  Type: makeShell :: {
    environment :: derivation, of makePythonPypiEnvironment;
    editable    :: { <project> = string }, by project its folder, seen from that of flake.nix;
    overlay     :: string, the folder of a writable environment there, such as ".venv";
    packages    :: [derivation], by default none;
    name        :: string, by default the environment's with `-shell`;
  } -> derivation

  Example:
    makeShell { environment = env; packages = [ pkgs.git ]; }
    => «derivation /nix/store/…-example-shell.drv»
*/
{ toolchain, ... }:
{
  environment,
  editable ? { },
  overlay ? null,
  packages ? [ ],
  name ? "${environment.name}-shell",
}:
let
  programs = builtins.concatStringsSep ":" (
    map (package: "${package}/bin") (packages ++ [ toolchain.coreutils ])
  );
  names = builtins.attrNames editable;
  projects = environment.projects or { };
  unknown = builtins.filter (project: !(projects ? ${project})) names;
  absolute = builtins.filter (
    project: builtins.isPath editable.${project} || text.hasPrefix "/" editable.${project}
  ) names;
  used =
    if unknown != [ ] then
      throw "wheelhouse: shell \"${name}\": the environment has no project ${text.enumerate unknown}; it has ${
        if projects == { } then "none" else text.enumerate (builtins.attrNames projects)
      }. Name one of those in `editable`, or install the group that it is in."
    else if absolute != [ ] then
      throw "wheelhouse: shell \"${name}\": editable.${builtins.head absolute} is a path of the store or of one machine. Write it as a text that is seen from the folder of flake.nix, such as \"./.\"."
    else if names == [ ] then
      environment
    else
      environment.withEditable names;
in
derivation (
  {
    name = text.storeName name;
    inherit (toolchain) system;
    # `nix develop` runs this bash, and writes what it finds out to the outputs named here.
    outputs = [ "out" ];
    builder = "${toolchain.bash}/bin/bash";
    # Who copies the result to a cache copies all that a shell needs.
    args = [
      "-c"
      "printf '%s\\n' \"$BASH\" \"$stdenv\" \"$shellHook\" > \"$out\""
    ];
    # nix-shell runs the hook only where a stdenv defines `runHook`.
    stdenv = builtins.path {
      name = "nix-shell";
      path = ../shell/nix-shell;
    };
    # A variable PATH would hide the user's from nix-shell.
    shellHook = ''
      PATH=${programs}:$PATH
      . ${used}/template
      ${
        workingTree {
          inherit editable overlay;
          environment = used;
        }
      }PATH=${installGuards toolchain}/bin:$PATH
    '';
    preferLocalBuild = true;
    # The derivation that `nix develop` makes of this one is in no cache.
    allowSubstitutes = false;
  }
  // (
    if names == [ ] && overlay == null then
      { }
    else
      {
        # uv uses the shell's environment, and neither changes it nor looks for another Python.
        UV_NO_SYNC = "1";
        UV_PROJECT_ENVIRONMENT = "${used}";
        UV_PYTHON = "${used}/bin/python";
        UV_PYTHON_DOWNLOADS = "never";
      }
  )
)
