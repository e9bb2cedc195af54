{
  # The URL of wheelhouse: of a repository, or of a folder as in "path:/folder/of/wheelhouse".
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";

  outputs =
    { nixpkgs, wheelhouse, ... }:
    let
      each = wheelhouse.lib.eachSystem nixpkgs;
      sourcesYaml = ./sources.yaml;
      # JupyterLab and its kernel have all packages of the requirements.
      lab =
        library:
        library.makePythonPypiApplication {
          package = "jupyterlab";
          mainProgram = "jupyter-lab";
          inherit sourcesYaml;
        };
      environment = library: (lab library).environment;
    in
    {
      packages = each (library: {
        default = lab library;
        inherit (library) lock;
      });
      devShells = each (library: {
        default = library.makeShell {
          environment = environment library;
          packages = [ library.lock ];
        };
      });
      # Notebooks run to their end, on a machine without a network.
      checks = each (library: {
        notebooks = nixpkgs.legacyPackages.${library.toolchain.system}.runCommand "notebooks" { } ''
          export HOME=$PWD
          ${environment library}/bin/jupyter nbconvert --execute --to html --output-dir $out ${./.}/*.ipynb
        '';
      });
    };
}
