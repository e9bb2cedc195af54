{
  # The URL of wheelhouse: of a repository, or of a folder as in "path:/folder/of/wheelhouse".
  inputs.wheelhouse.url = "github:OWNER/wheelhouse";
  inputs.nixpkgs.follows = "wheelhouse/nixpkgs";

  outputs =
    { nixpkgs, wheelhouse, ... }:
    let
      each = wheelhouse.lib.eachSystem nixpkgs;
      # `lock demo_script.py` writes its lock beside it.
      script =
        library:
        library.makePythonScript {
          script = ./demo_script.py;
          name = "demo-script";
        };
    in
    {
      packages = each (library: {
        default = script library;
        inherit (library) lock;
      });
      devShells = each (library: {
        default = library.makeShell {
          inherit (script library) environment;
          packages = [ library.lock ];
        };
      });
      # The script does its work, on a machine without a network.
      checks = each (library: {
        script = nixpkgs.legacyPackages.${library.toolchain.system}.runCommand "demo-script" { } ''
          ${script library}/bin/demo-script ${./demo_script.py} >$out
          grep demo_script.py $out
        '';
      });
    };
}
