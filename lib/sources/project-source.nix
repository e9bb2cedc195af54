let
  text = import ../text.nix;

  matches = pattern: name: builtins.match pattern name != null;

  # In whatever folder: what tools leave behind, and what git keeps.
  leftovers = "\\.git|\\.hg|\\.svn|\\.venv|\\.direnv|\\.devenv|\\.tox|\\.nox|\\.idea|\\.vscode|\\..*_cache|__pycache__|node_modules|.*\\.pyc|.*\\.egg-info|.*\\.nix|\\.DS_Store";
  # At the top: what is built, locks, and what only people and their tools read.
  tooling = "result|result-.*|build|dist|flake\\.lock|sources.*\\.yaml|(uv|poetry|pdm|pixi|Pipfile)\\.lock|pylock.*\\.toml|\\.github|\\.gitlab.*|\\.envrc|\\.pre-commit-config\\.yaml|\\.python-version|\\.readthedocs\\.ya?ml|tox\\.ini|noxfile\\.py|conftest\\.py|mkdocs\\.ya?ml|Dockerfile.*";
  # At the top, unless a build that isn't Python's own lists them.
  unbuilt = "tests?|docs?|examples?|benchmarks?";
  documents = "(README|CHANGE|HISTORY|NEWS|AUTHORS|CONTRIBUT|CODE_OF_CONDUCT|SECURITY)[^/]*";
  # They name the folders that belong to a build, and can't do without one.
  foreignBuilds = [
    "CMakeLists.txt"
    "meson.build"
  ];

  rootOf = folder: link: folder + "/${link.path}";

  # What the build reads, what is below it, and the folders above it.
  isKept =
    link: relative:
    builtins.any (
      path: path == relative || text.hasPrefix "${path}/" relative || text.hasPrefix "${relative}/" path
    ) link.project.kept;
  # Of a folder that is left out but for some of its files.
  isPartlyKept =
    link: relative:
    builtins.any (
      path:
      let
        top = builtins.head (builtins.split "/" path);
      in
      path != top && text.hasPrefix "${top}/" relative
    ) link.project.kept;
  isDocument = link: name: matches documents name && !isKept link name;

  filter =
    { folder, link }:
    let
      root = rootOf folder link;
      rootLength = builtins.stringLength (toString root) + 1;
      # The module of a project is kept, even if it is called `build` or `test`.
      own = builtins.replaceStrings [ "-" "." ] [ "_" "_" ] link.package;
      otherFolders = map (path: toString (folder + "/${path}")) link.project.others;
      isForeign = builtins.any (name: builtins.pathExists (root + "/${name}")) foreignBuilds;
      leftOutAtTop =
        name: type:
        name != own
        && (
          matches tooling name
          || (!isForeign && type == "directory" && matches unbuilt name)
          || (type == "regular" && isDocument link name)
        );
    in
    path: type:
    let
      relative = builtins.substring rootLength (-1) path;
      name = baseNameOf path;
      isTop = relative == name;
    in
    !(
      matches leftovers name
      || (isTop && leftOutAtTop name type && !isKept link name)
      || builtins.elem path otherFolders
      || (!isTop && isPartlyKept link relative && !isKept link relative)
    );
in
{
  /*
    Return the default filter of a project's source: whether a file or a folder is taken. What only
    people, tests, Nix and other tools read is left out, and so are other projects.

    Type: filter :: { folder :: path; link :: attrs } -> string -> string -> bool

    Example:
      filter {
        folder = /checkout;
        link = { package = "demo"; path = "."; project = { kept = [ ]; others = [ ]; }; };
      } "/checkout/README.md" "regular"
      => false
  */
  inherit filter;

  /*
    Return the source of a project: its folder without what doesn't change its wheel, so that an edit
    of tests, documents, Nix files, locks or other projects rebuilds nothing. `placeholders` are the
    documents that it leaves out; the build finds empty files there, since backends ask for them.

    Type: source :: {
      context :: string, the environment, named in errors;
      folder  :: path, of the lock;
      link    :: attrs, of lib/sources/projects.nix;
    } -> { path :: path | derivation; placeholders :: [string] }

    Example:
      (source {
        context = "environment \"example\"";
        folder = ./.;
        link = {
          name = "lib-1.0";
          package = "lib";
          path = ".";
          project = { settings.source = "/nix/store/…-lib"; kept = [ ]; others = [ ]; };
        };
      }).path
      => "/nix/store/…-lib"
  */
  source =
    {
      context,
      folder,
      link,
    }:
    let
      inherit (link) project;
      root = rootOf folder link;
      entries = builtins.readDir root;
      isThere = builtins.pathExists root;
    in
    if project.settings ? source then
      {
        path = project.settings.source;
        placeholders = [ ];
      }
    else if !isThere then
      throw "wheelhouse: ${context}: there is no folder \"${link.path}\", seen from the lock, with the project ${link.package}. A flake sees only what lies in it and, in a git repository, what git knows: `git add` the folder, move it into the flake, or give `projects.${link.package}.source`."
    else
      {
        path = builtins.path {
          name = text.storeName "${link.package}-source";
          path = root;
          filter = project.settings.filter or (filter { inherit folder link; });
        };
        placeholders =
          if project.settings ? filter then
            [ ]
          else
            builtins.filter (name: entries.${name} == "regular" && isDocument link name) (
              builtins.attrNames entries
            );
      };

  /*
    Return the whole folder of a project, with tests and documents, for its checks.

    Type: wholeSource :: { folder :: path | null; link :: attrs } -> path | derivation

    Example:
      wholeSource { folder = null; link = { package = "lib"; project.settings.source = "/nix/store/…-lib"; }; }
      => "/nix/store/…-lib"
  */
  wholeSource =
    { folder, link }:
    link.project.settings.source or (builtins.path {
      name = text.storeName "${link.package}-folder";
      path = rootOf folder link;
      filter = path: _type: !matches leftovers (baseNameOf path);
    });
}
