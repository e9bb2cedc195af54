let
  # What is built here: source distributions, and projects' folders.
  built = [
    "project"
    "sdist"
  ];
  looking = built ++ [ "native" ];
  unpacked = looking ++ [ "pure" ];
  every = unpacked ++ [ "nixpkgs" ];
  files = [
    "native"
    "pure"
    "sdist"
  ];
in
/*
  The keys of an override: the kinds of packages that a key changes, the keys beside which it has an
  effect on a wheel, too, and what type it has (a name of `builtins.typeOf`; absent for any). The
  kinds are "sdist" and "project" for what is built here, "native" and "pure" for wheels with native
  code and without, "nixpkgs" for packages of the package set, and "needing" for those that the lock
  says need something of the system.

  Type: keys :: { <key> = { kinds :: [string]; beside :: [string]; type :: string } }

  Example:
    keys.configSettings.kinds
    => [ "project" "sdist" ]
*/
{
  buildInputs = {
    kinds = looking;
    beside = [ "postInstall" ];
    type = "list";
  };
  configSettings = {
    kinds = built;
    beside = [ ];
    type = "set";
  };
  env = {
    kinds = built;
    beside = [ "postInstall" ];
    type = "set";
  };
  nativeBuildInputs = {
    kinds = built;
    beside = [ "postInstall" ];
    type = "list";
  };
  nativeLibraries = {
    kinds = [ "needing" ];
    beside = [ ];
    type = "bool";
  };
  package = {
    kinds = [ "nixpkgs" ];
    beside = [ ];
    type = "set";
  };
  patches = {
    kinds = unpacked;
    beside = [ ];
    type = "list";
  };
  postInstall = {
    kinds = unpacked;
    beside = [ ];
    type = "string";
  };
  preferSdist = {
    kinds = files;
    beside = [ ];
    type = "bool";
  };
  remove = {
    kinds = unpacked;
    beside = [ ];
    type = "list";
  };
  runtimeLibraries = {
    kinds = every;
    beside = [ ];
    type = "list";
  };
  source = {
    kinds = files;
    beside = [ ];
  };
  variables = {
    kinds = every;
    beside = [ ];
    type = "set";
  };
  version = {
    kinds = [ ];
    beside = [
      "package"
      "source"
    ];
    type = "string";
  };
}
