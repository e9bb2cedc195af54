# stdenv and the functions that build on it.
{
  machine,
  platform,
  system,
}:
let
  inputNames = [
    "nativeBuildInputs"
    "buildInputs"
    "propagatedBuildInputs"
    "propagatedNativeBuildInputs"
  ];
  # nixpkgs splits a package's headers off into `dev`: an input means both.
  withDev = package: if package ? dev then [ package.dev package ] else [ package ];
  inputs =
    arguments:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = builtins.concatMap withDev (
          builtins.filter (input: input != null) (arguments.${name} or [ ])
        );
      }) (builtins.filter (name: arguments ? ${name}) inputNames)
    );

  # Attributes of nixpkgs' mkDerivation that are about the package, not its build.
  notPassed = [
    "env"
    "meta"
    "passthru"
  ];

  makeDerivation =
    stdenv: given:
    let
      arguments = if builtins.isFunction given then given drv else given;
      name =
        arguments.name
          or "${arguments.pname or (throw "hostpkgs: mkDerivation needs a name, or pname and version.")}-${arguments.version or (throw "hostpkgs: mkDerivation of ${arguments.pname} needs a version.")}";
      raw = derivation (
        {
          builder = "${machine.bash}/bin/bash";
          args = [
            "-e"
            ./build/default-builder.sh
          ];
        }
        // builtins.removeAttrs arguments notPassed
        // inputs arguments
        // (arguments.env or { })
        // {
          inherit name system;
          stdenv = stdenv.path;
        }
      );
      drv =
        raw
        // arguments.passthru or { }
        // {
          inherit name stdenv;
          meta = arguments.meta or { };
          passthru = arguments.passthru or { };
          overrideAttrs =
            change:
            makeDerivation stdenv (
              arguments
              // (
                if !builtins.isFunction change then
                  change
                else
                  let
                    once = change arguments;
                  in
                  # `final: previous:` and the older `previous:`
                  if builtins.isFunction once then change drv arguments else once
              )
            );
        }
        // (if arguments ? pname then { inherit (arguments) pname; } else { })
        // (if arguments ? version then { inherit (arguments) version; } else { });
    in
    drv;

  # One record with `cc` and one without: a build that doesn't compile downloads no compiler.
  makeStdenv =
    path: cc:
    let
      stdenv = {
        inherit path system;
        outPath = path.outPath;
        drvPath = path.drvPath;
        type = "derivation";
        name = path.name;
        outputName = "out";
        inherit (platform)
          isLinux
          isDarwin
          isx86_64
          isAarch64
          ;
        hostPlatform = platform;
        buildPlatform = platform;
        targetPlatform = platform;
        shell = "${machine.bash}/bin/bash";
        mkDerivation = makeDerivation stdenv;
      }
      // cc;
    in
    stdenv;

  stdenv = makeStdenv machine.stdenv {
    # As in nixpkgs: `cc` is the wrapped compiler, `cc.cc` the compiler, `cc.cc.lib` its run-time.
    cc = machine.toolchain // {
      cc = machine.toolchain // {
        lib = machine.gccLib;
      };
      libc = machine.glibc;
      isGNU = true;
      isClang = false;
    };
  };
  stdenvNoCC = makeStdenv machine.stdenvNoCC { };

  runCommandWith =
    stdenv: name: environment: buildCommand:
    stdenv.mkDerivation (
      environment
      // {
        inherit name buildCommand;
        passAsFile = [ "buildCommand" ] ++ environment.passAsFile or [ ];
      }
    );

  # A derivation for `nix develop` only.
  makeShell =
    stdenv: arguments:
    stdenv.mkDerivation (
      builtins.removeAttrs arguments [
        "packages"
        "inputsFrom"
      ]
      // {
        name = arguments.name or "nix-shell";
        nativeBuildInputs =
          arguments.packages or [ ]
          ++ arguments.nativeBuildInputs or [ ]
          ++ builtins.concatMap (input: input.nativeBuildInputs or [ ]) (arguments.inputsFrom or [ ]);
        buildInputs =
          arguments.buildInputs or [ ]
          ++ builtins.concatMap (input: input.buildInputs or [ ]) (arguments.inputsFrom or [ ]);
        phases = [ "shellPhase" ];
        shellPhase = "export >\"$out\"";
        preferLocalBuild = true;
      }
    );
  writeText =
    name: text:
    runCommandWith stdenvNoCC name
      {
        inherit text;
        passAsFile = [ "text" ];
      }
      "cp -- \"$textPath\" \"$out\"";
in
{
  inherit stdenv stdenvNoCC writeText;
  gcc = stdenv.cc;
  gfortran = machine.gfortran // {
    cc = machine.gfortran // {
      lib = machine.fortranLib;
    };
  };
  mkShell = makeShell stdenv;
  mkShellNoCC = makeShell stdenvNoCC;
  runCommand = runCommandWith stdenvNoCC;
  runCommandCC = runCommandWith stdenv;

  # What FONTCONFIG_FILE names: without it, there is no font in a sandbox.
  makeFontsConf =
    {
      fontDirectories,
      ...
    }:
    writeText "fonts.conf" (
      builtins.concatStringsSep "\n" (
        [
          "<?xml version=\"1.0\"?>"
          "<fontconfig>"
        ]
        ++ map (folder: "  <dir>${folder}</dir>") fontDirectories
        ++ [
          "  <cachedir prefix=\"xdg\">fontconfig</cachedir>"
          "</fontconfig>"
          ""
        ]
      )
    );
}
