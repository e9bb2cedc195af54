fixtures:
let
  inherit (import ../../../lib/sources/projects.nix) addLinks projectsOf;
  data = {
    projects = [
      {
        name = "demo";
        path = ".";
      }
      {
        name = "lib";
        version = "2.0";
        path = "../lib";
        documents = [ "docs" ];
      }
    ];
    packages = [
      {
        name = "demo";
        version = "0";
        systems = [ "x86_64-linux" ];
      }
      {
        name = "idna";
        version = "3.10";
      }
      {
        name = "lib";
        version = "2.0";
      }
    ];
    links = [ { name = "idna-3.10-py3-none-any.whl"; } ];
  };
  linksWith =
    settings:
    (addLinks {
      context = "environment \"x\"";
      inherit data settings;
    }).links;
  demo = settings: builtins.elemAt (linksWith { demo = settings; }) 1;
in
{
  "a project is a link to its folder, for the systems that install it" = {
    value = map (link: removeAttrs link [ "project" ]) (linksWith { });
    expected = [
      { name = "idna-3.10-py3-none-any.whl"; }
      {
        name = "demo-0";
        package = "demo";
        version = "0";
        path = ".";
        systems = [ "x86_64-linux" ];
      }
      {
        name = "lib-2.0";
        package = "lib";
        version = "2.0";
        path = "../lib";
      }
    ];
  };
  "it knows the folders of the others, and what its build reads" = {
    value = map (link: { inherit (link.project) kept others; }) (builtins.tail (linksWith { }));
    expected = [
      {
        kept = [ ];
        others = [ "../lib" ];
      }
      {
        kept = [ "docs" ];
        others = [ "." ];
      }
    ];
  };
  "a version that only the build knows is unknown until it is given" = {
    value = [
      (demo { }).project.builtVersion
      (demo { version = "1.2"; }).project.builtVersion
    ];
    expected = [
      "0+unknown"
      "1.2"
    ];
  };
  "a flake's time and commit make a version" = {
    value =
      (demo {
        version = {
          lastModifiedDate = "20261128101112";
          shortRev = "3f2a1b";
        };
      }).project.builtVersion;
    expected = "0.dev20261128101112+g3f2a1b";
  };
  "a changed flake makes one that says so" = {
    value =
      map
        (
          flake:
          (demo { version = flake // { lastModifiedDate = "20261128101112"; }; }).project.builtVersion
        )
        [
          { dirtyShortRev = "3f2a1b-dirty"; }
          { }
        ];
    expected = [
      "0.dev20261128101112+g3f2a1b.dirty"
      "0.dev20261128101112+dirty"
    ];
  };
  "a version of another kind is refused" = {
    value = (demo { version = 1; }).project.builtVersion;
    throws = "projects.demo.version is neither a version nor a flake";
  };
  "a version beside that of pyproject.toml is refused" = {
    value = (builtins.elemAt (linksWith { lib.version = "2.1"; }) 2).project.settings;
    throws = "projects.lib.version is given, but its pyproject.toml says 2.0";
  };
  "an unknown key is named with the known ones" = {
    value = (demo { src = ./.; }).project.settings;
    throws = "environment \"x\": projects.demo has no key \"src\". It knows \"filter\", \"source\", \"version\"";
  };
  "a filter on the user's own source is refused" = {
    value =
      (demo {
        source = ./.;
        filter = _path: _type: true;
      }).project.settings;
    throws = "projects.demo has both `source` and `filter`";
  };
  "a project that the lock lacks is named with those that it has" = {
    value = linksWith { dmo = { }; };
    throws = "environment \"x\": the lock has no project \"dmo\"; it has \"demo\", \"lib\"";
  };
  "a lock without projects stays as it is" = {
    value =
      (addLinks {
        context = "x";
        data = fixtures.lock;
        settings = { };
      }).links == fixtures.lock.links;
    expected = true;
  };
  "projects are found by their names" = {
    value = builtins.mapAttrs (_name: project: project.path) (projectsOf "x86_64-linux" data);
    expected = {
      demo = ".";
      lib = "../lib";
    };
  };
}
