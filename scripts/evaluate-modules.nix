# Evaluates the modules NixOS.nix, home-manager.nix and nix-darwin.nix of the folder `snippets`; the
# other arguments are folders of checkouts (scripts/evaluate-modules).
snippets: nixpkgs: homeManager: nixDarwin:
let
  lib = import "${nixpkgs}/lib";
  pkgsOf = system: import nixpkgs { inherit system; };
  demoOf =
    pkgs:
    (import ../. { inherit pkgs; }).makePythonPypiApplication {
      package = "django";
      mainProgram = "django-admin";
      sourcesYaml = ../examples/django/sources.yaml;
    };

  linux = pkgsOf "x86_64-linux";
  darwin = pkgsOf "aarch64-darwin";

  # Where the checkout is only nixpkgs' lib: two options, with the types that NixOS gives them.
  servicesOfNixos =
    let
      inherit (lib) mkOption types;
      value = types.oneOf [
        types.bool
        types.int
        types.str
        types.path
      ];
    in
    {
      options.systemd.services = mkOption {
        type = types.attrsOf (
          types.submodule {
            options.wantedBy = mkOption {
              type = types.listOf types.str;
              default = [ ];
            };
            options.serviceConfig = mkOption {
              type = types.attrsOf (types.either value (types.listOf value));
              default = { };
            };
          }
        );
      };
    };
  evalConfig = "${nixpkgs}/nixos/lib/eval-config.nix";
  ofNixos = {
    modules = [ "${snippets}/NixOS.nix" ];
    specialArgs.demo = demoOf linux;
  };
  nixos =
    if builtins.pathExists evalConfig then
      import evalConfig (ofNixos // { system = "x86_64-linux"; })
    else
      lib.evalModules (ofNixos // { modules = [ servicesOfNixos ] ++ ofNixos.modules; });

  home = import "${homeManager}/modules" {
    pkgs = linux;
    inherit lib;
    configuration = {
      imports = [ "${snippets}/home-manager.nix" ];
      home = {
        username = "you";
        homeDirectory = "/home/you";
        stateVersion = "26.05";
      };
    };
    extraSpecialArgs.demo = demoOf linux;
  };

  mac = import "${nixDarwin}/eval-config.nix" {
    inherit lib;
    modules = [
      "${snippets}/nix-darwin.nix"
      {
        nixpkgs.pkgs = darwin;
        system.stateVersion = 6;
      }
    ];
    specialArgs.demo = demoOf darwin;
  };

  # Of all that the modules install.
  installed = builtins.filter (name: name == "django");
  names = packages: installed (map (package: package.name) packages);
in
{
  nixos = {
    inherit (nixos.config.systemd.services.demo) wantedBy serviceConfig;
  };
  home-manager = {
    packages = names home.config.home.packages;
    service = home.config.systemd.user.services.demo;
  };
  nix-darwin = {
    packages = names mac.config.environment.systemPackages;
    agent = lib.filterAttrs (
      _name: value: value != null
    ) mac.config.launchd.user.agents.demo.serviceConfig;
  };
}
