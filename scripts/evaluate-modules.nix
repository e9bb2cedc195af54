# Evaluates the files of the folder `snippets`; the other argument is a folder of checkouts
# (scripts/evaluate-modules).
snippets: checkouts:
let
  nixpkgs = "${checkouts}/nixpkgs";
  lib = import "${nixpkgs}/lib";
  # Where the checkout is only nixpkgs' lib, with the package set at hand.
  pkgsOf =
    system:
    if builtins.pathExists "${nixpkgs}/default.nix" then
      import nixpkgs { inherit system; }
    else
      import <nixpkgs> { inherit system; } // { inherit lib; };
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

  home = import "${checkouts}/home-manager/modules" {
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

  mac = import "${checkouts}/nix-darwin/eval-config.nix" {
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

  wheelhouse.lib.mkLib = pkgs: import ../. { inherit pkgs; };
  devenv = lib.evalModules {
    class = "devenv";
    specialArgs.inputs = { inherit wheelhouse; };
    modules = [
      "${checkouts}/devenv/src/modules/top-level.nix"
      "${snippets}/devenv.nix"
      {
        _module.args.pkgs = linux;
        # As devenv's command line sets it. It runs the shell's tasks itself since 2.0; an older one
        # builds a program for them while it evaluates.
        devenv.cli.version = "2.0";
        devenv.tmpdir = "/tmp";
        devenv.root = "/project";
      }
    ];
  };
  devshell = import "${snippets}/devshell.nix" {
    pkgs = linux;
    inherit wheelhouse;
    devshell.mkShell =
      configuration: import "${checkouts}/devshell/modules" linux { inherit configuration; };
  };
  namesOf = map (package: package.name);
in
lib.filterAttrs (name: _made: builtins.pathExists "${checkouts}/${name}") {
  nixpkgs = {
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
  devenv = {
    packages = builtins.filter (name: name == "lock") (namesOf devenv.config.packages);
    # Its last line; devenv's own stand before it.
    enterShell = lib.last (lib.splitString "\n" devenv.config.enterShell);
  };
  devshell = {
    packages = namesOf devshell.config.devshell.packages;
    startup = devshell.config.devshell.startup.python.text;
  };
}
