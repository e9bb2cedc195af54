fixtures:
let
  inherit (fixtures) library lock makePythonPypiEnvironment;
  environment = makePythonPypiEnvironment {
    name = "Web_env";
    sourcesRaw = lock;
  };
  application = library.makePythonPypiApplication {
    sourcesYaml = ../data/project/sources.yaml;
    package = "demo[cli]";
  };
  image = arguments: library.makeOciImage ({ inherit environment; } // arguments);
  specOf = made: builtins.fromJSON (builtins.unsafeDiscardStringContext made.spec);
  configOf = made: (specOf made).config;
  layerOf = made: name: specOf made.layers."image-layer-${name}";
  onSystem =
    platform:
    let
      packageSet = fixtures.packageSet // {
        stdenv = fixtures.packageSet.stdenv // {
          hostPlatform = fixtures.packageSet.stdenv.hostPlatform // platform;
        };
      };
    in
    import ../../../lib (import ../../../lib/toolchain.nix packageSet);
  imageOn =
    platform:
    ((onSystem platform).makePythonPypiEnvironment {
      name = "web";
      sourcesRaw = lock;
    }).ociImage
      { };
in
{
  "it is named after its environment, in small letters, with the tag latest" = {
    value = builtins.intersectAttrs {
      name = null;
      tag = null;
      created = null;
    } (specOf (image { }));
    expected = {
      name = "web_env";
      tag = "latest";
      created = 1;
    };
  };
  "environments and applications have it as a function" = {
    value = [
      ((environment.ociImage { }).drvPath == (image { }).drvPath)
      (
        (application.ociImage { user = "app"; }).drvPath == (library.makeOciImage {
          environment = application;
          user = "app";
        }).drvPath
      )
    ];
    expected = [
      true
      true
    ];
  };
  "so has one with attributes of its derivation changed" = {
    value =
      let
        changed = environment.overrideAttrs (_old: {
          CHANGED = "1";
        });
      in
      (changed.ociImage { }).drvPath == (image { environment = changed; }).drvPath
      && (changed.ociImage { }).drvPath != (image { }).drvPath;
    expected = true;
  };
  "an environment starts Python, and an application its program" = {
    value = map (config: [
      config.Entrypoint
      config.Cmd
    ]) [
      (configOf (image { }))
      (configOf (application.ociImage { command = [ "--port" "1" ]; }))
      (configOf (application.ociImage { entrypoint = [ ]; }))
    ];
    expected = [
      [
        [ ]
        [ "${builtins.unsafeDiscardStringContext "${environment}"}/bin/python" ]
      ]
      [
        [ "${builtins.unsafeDiscardStringContext "${application}"}/bin/run-demo" ]
        [
          "--port"
          "1"
        ]
      ]
      [
        [ ]
        [ ]
      ]
    ];
  };
  "its configuration has what was asked for" = {
    value = removeAttrs (configOf (image {
      entrypoint = [ "uvicorn" ];
      env = {
        B = "2";
        PATH = "/bin";
      };
      user = "app";
      workingDir = "/work";
      exposedPorts = [
        8000
        "53/udp"
      ];
      volumes = [ "/data" ];
      labels.a = "b";
    })) [ "Cmd" ];
    expected = {
      Entrypoint = [ "uvicorn" ];
      Env = [
        "B=2"
        "HOME=/home/app"
        "PATH=/bin"
      ];
      User = "1000:1000";
      WorkingDir = "/work";
      ExposedPorts = {
        "8000/tcp" = { };
        "53/udp" = { };
      };
      Volumes."/data" = { };
      Labels.a = "b";
    };
  };
  "PATH has further packages after the environment" = {
    value = builtins.head (configOf (image {
      contents = [ { outPath = "/coreutils"; } ];
    })).Env;
    expected = "PATH=${builtins.unsafeDiscardStringContext "${environment}"}/bin:/coreutils/bin";
  };
  "folders to write to and links are outside of the store" = {
    value =
      (layerOf (image {
        workingDir = "/work";
        volumes = [ "/data" ];
        files."/etc/x" = "/x";
      }) "last").root;
    expected = {
      folders = [
        "/data"
        "/work"
      ];
      links."/etc/x" = "/x";
      user = null;
    };
  };
  "a working directory in the store isn't made, and comes along" = {
    value =
      let
        made = image { workingDir = "${./.}"; };
      in
      [
        (configOf made).WorkingDir
        (layerOf made "last").root.folders
        (builtins.length (specOf made.layers.image-layer-libraries).graphs)
      ];
    expected = [
      (builtins.unsafeDiscardStringContext "${./.}")
      [ ]
      (builtins.length (specOf (image { }).layers.image-layer-libraries).graphs + 1)
    ];
  };
  "files of the user are in the last layer, but not those of packages" = {
    value =
      let
        paths =
          (layerOf (image {
            files = {
              "/etc/cases" = ./makeOciImage.nix;
              "/bin/sh" = "/bash/bin/bash";
            };
          }) "last").paths;
      in
      [
        (builtins.length paths)
        (builtins.match ".*-makeOciImage.nix" (builtins.elemAt paths 1) != null)
      ];
    expected = [
      2
      true
    ];
  };
  "a project is in the last layer, and no layer of packages has it" = {
    value =
      let
        made = application.ociImage { };
        plain = text: builtins.unsafeDiscardStringContext "${text}";
      in
      [
        (builtins.attrNames made.layers)
        (
          (layerOf made "last").paths == map plain [
            application
            application.environment.dependencies
            application.environment.packages.demo
          ]
        )
      ];
    expected = [
      [
        "image-layer-interpreter"
        "image-layer-last"
        "image-layer-libraries"
        "image-package-idna"
      ]
      true
    ];
  };
  "layers don't know the image that they are of" = {
    value =
      (image { name = "a"; }).layers.image-layer-interpreter.drvPath
      == (application.ociImage { }).layers.image-layer-interpreter.drvPath;
    expected = true;
  };
  "an image knows its architecture" = {
    value = (specOf (image { })).platform;
    expected = {
      architecture = "amd64";
      os = "linux";
    };
  };
  "an image of macOS is refused" = {
    value =
      (imageOn {
        system = "aarch64-darwin";
        libc = "libSystem";
        isLinux = false;
        darwinMinVersion = "14.0";
      }).drvPath;
    throws = "image \"web\": an image has programs for Linux, but this environment is for \"aarch64-darwin\". Take the environment of a Linux system, such as packages.aarch64-linux";
  };
  "an environment is needed" = {
    value = (library.makeOciImage { name = "web"; }).drvPath;
    throws = "makeOciImage needs `environment`, a result of makePythonPypiEnvironment";
  };
  "another package is none" = {
    value = (library.makeOciImage { environment.outPath = "/coreutils"; }).drvPath;
    throws = "Name other packages in `contents`.";
  };
  "an argument that there isn't is named with near ones" = {
    value = (image { entrypont = [ ]; }).drvPath;
    throws = "the image of \"Web_env\" has no argument \"entrypont\". Did you mean \"entrypoint\"?";
  };
}
