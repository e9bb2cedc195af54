{
  # The URL of wheelhouse: of a repository, or of a folder as in "path:/folder/of/wheelhouse".
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";

  outputs =
    { nixpkgs, wheelhouse, ... }:
    let
      each = wheelhouse.lib.eachSystem nixpkgs;
      sourcesYaml = ./sources.yaml;
      # With the tools of the group dev.
      environment =
        library:
        library.makePythonPypiEnvironment {
          name = "env";
          inherit sourcesYaml;
          groups = [
            "default"
            "dev"
          ];
        };
      ofProjects = make: library: builtins.mapAttrs (_name: make) (environment library).projects;
    in
    {
      packages = each (library: {
        default = library.makePythonPypiApplication { inherit sourcesYaml; };
        inherit (library) lock;
      });
      devShells = each (library: {
        default = library.makeShell {
          environment = environment library;
          editable = ofProjects (project: project.path) library;
          packages = [ library.lock ];
        };
      });
      checks = each (ofProjects (project: project.tests.pytest { }));
    };
}
