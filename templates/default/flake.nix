{
  # The URL of wheelhouse: of a repository, or of a folder as in "path:/folder/of/wheelhouse".
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";

  outputs =
    { nixpkgs, wheelhouse, ... }:
    let
      each = wheelhouse.lib.eachSystem nixpkgs;
      environment =
        library:
        library.makePythonPypiEnvironment {
          name = "env";
          sourcesYaml = ./sources.yaml;
        };
    in
    {
      packages = each (library: {
        default = environment library;
        inherit (library) lock;
      });
      devShells = each (library: {
        default = library.makeShell { environment = environment library; };
      });
      # Every module of every package can be imported.
      checks = each (library: {
        imports = (environment library).tests.imports;
      });
    };
}
