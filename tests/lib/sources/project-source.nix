_fixtures:
let
  inherit (import ../../../lib/sources/project-source.nix) filter source wholeSource;
  folder = ../data/project;
  link = project: {
    name = "demo-1.0";
    package = "demo";
    path = ".";
    project = {
      settings = { };
      kept = [ ];
      others = [ "other" ];
    }
    // project;
  };
  sourceOf =
    project:
    source {
      context = "environment \"x\"";
      inherit folder;
      link = link project;
    };
  # The files that a filter takes, relative to the project's folder.
  filesWith =
    link:
    let
      takes = filter { inherit folder link; };
      below =
        prefix: path:
        builtins.concatMap (
          name:
          let
            type = (builtins.readDir path).${name};
            inner = path + "/${name}";
          in
          if !takes (toString inner) type then
            [ ]
          else if type == "directory" then
            below "${prefix}${name}/" inner
          else
            [ "${prefix}${name}" ]
        ) (builtins.attrNames (builtins.readDir path));
    in
    below "" folder;
in
{
  "tests, documents, Nix files, locks and other projects are left out" = {
    value = filesWith (link { });
    expected = [
      "LICENSE"
      "pyproject.toml"
      "src/demo/__init__.py"
    ];
  };
  "documents that it leaves out are placeholders" = {
    value = (sourceOf { }).placeholders;
    expected = [ "README.md" ];
  };
  "what the build reads is kept, and no more of its folder" = {
    value =
      let
        kept = [
          "README.md"
          "docs/README.md"
        ];
      in
      [
        (filesWith (link { inherit kept; }))
        (sourceOf { inherit kept; }).placeholders
      ];
    expected = [
      [
        "LICENSE"
        "README.md"
        "docs/README.md"
        "pyproject.toml"
        "src/demo/__init__.py"
      ]
      [ ]
    ];
  };
  "a folder with the project's own name is kept" = {
    value = filesWith (link { } // { package = "tests"; });
    expected = [
      "LICENSE"
      "pyproject.toml"
      "src/demo/__init__.py"
      "tests/test_it.py"
    ];
  };
  "a filter of the user replaces the default one, and nothing takes a place" = {
    value = (sourceOf { settings.filter = _path: _type: true; }).placeholders;
    expected = [ ];
  };
  "a source of the user is taken as it is" = {
    value = (sourceOf { settings.source = "/elsewhere"; }).path;
    expected = "/elsewhere";
  };
  "a folder that isn't there is named with the remedies" = {
    value = source {
      context = "environment \"x\"";
      inherit folder;
      link = link { } // {
        path = "../nowhere";
      };
    };
    throws = "environment \"x\": there is no folder \"../nowhere\", seen from the lock, with the project demo. A flake sees only what lies in it";
  };
  "checks see the whole folder, unless the user names a source" = {
    value = wholeSource {
      inherit folder;
      link = link { settings.source = "/elsewhere"; };
    };
    expected = "/elsewhere";
  };
}
