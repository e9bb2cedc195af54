let
  copiedPath = import ./copied-path.nix;
  projectSource = (import ./project-source.nix).source;
  text = import ../text.nix;
in
/*
  Return the source of a lock's link: a file that is downloaded, a repository at a commit, or a path
  on this machine, relative to the folder of the lock. That of a project is a set with `path` and
  `placeholders` (project-source.nix).

  Type: linkSource :: {
    context  :: string, the environment, named in errors;
    folder   :: path | null, the folder of the lock;
    fetchurl :: file -> derivation | path;
  } -> file -> derivation | path

  Example:
    linkSource { context = "environment \"example\""; folder = null; fetchurl = file: file.url; } {
      name = "idna-3.10-py3-none-any.whl";
      url = "https://index.example/idna.whl";
    }
    => "https://index.example/idna.whl"
*/
{
  context,
  folder,
  fetchurl,
}:
let
  local =
    file:
    if folder == null && !(file ? project && file.project.settings ? source) then
      throw "wheelhouse: ${context}: ${file.package} lies at \"${file.path}\", seen from its lock, but the lock is given as data. Give it as a file, with sourcesYaml or sourcesJson."
    else if file ? project then
      projectSource {
        inherit context folder;
        link = file;
      }
    else
      copiedPath file.name (folder + "/${file.path}");

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
