let
  text = import ./text.nix;

  # What no build needs; most of it changes without the project's changing.
  ignored = [
    ".git"
    ".venv"
    "__pycache__"
    "node_modules"
  ];
in
/*
  What a link of a lock names: a file to download, a repository at a commit, or what lies on this
  machine, seen from the folder of the lock.

  Type: place :: {
    owner    :: string, named in errors;
    folder   :: path | null, where the lock lies;
    fetchurl :: file -> derivation | path;
  } -> file -> derivation | path

  Example:
    place { owner = "env"; folder = ./.; fetchurl = import ./fetch.nix; } { path = "libs/a"; … }
    => /nix/store/…-a-1.0
*/
{
  owner,
  folder,
  fetchurl,
}:
let
  local =
    file:
    if folder == null then
      throw "wheelhouse: ${owner}: ${file.package} lies at \"${file.path}\", seen from its lock, but the lock is given as data. Give it as a file, with sourcesYaml or sourcesJson."
    else
      builtins.path {
        name = text.storeName file.name;
        path = folder + "/${file.path}";
        filter = path: _type: !builtins.elem (baseNameOf path) ignored;
      };

  repository =
    file:
    (builtins.fetchGit {
      name = text.storeName file.name;
      url = file.git;
      inherit (file) rev;
      # The commit may be on any branch.
      allRefs = true;
      submodules = true;
    }).outPath;
in
file:
if file ? path then
  local file
else if file ? git then
  repository file
else
  fetchurl file
