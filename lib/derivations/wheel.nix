let
  text = import ../text.nix;

  # What a user may give for a package that is built here; all of it is optional.
  known = [
    "buildInputs"
    "configSettings"
    "env"
    "nativeBuildInputs"
    "patches"
    "preferSdist"
    "runtimeLibraries"
  ];

  checkOverride =
    context: name: override:
    let
      unknown = builtins.filter (key: !builtins.elem key known) (builtins.attrNames override);
    in
    if unknown == [ ] then
      override
    else
      throw "wheelhouse: ${context}: overrides.${name} has no key ${text.enumerate unknown}. It knows ${text.enumerate known}.";
in
{
  /*
    Return an override as it is. Throws for a key that overrides don't have.

    Type: checkOverride :: string -> string -> attrs -> attrs

    Example:
      checkOverride "environment \"example\"" "docopt" { buildInput = [ ]; }
      => error: overrides.docopt has no key "buildInput"
  */
  inherit checkOverride;

  /*
    Build the wheel of a source distribution, offline through PEP 517, in its locked environment. The
    result is a folder with one wheel in it.

    Type: wheel :: {
      toolchain, builder :: the record, the derivation;
      environment        :: derivation, of what the build's closure has;
      source             :: { path :: derivation | path; placeholders :: [string];
                              subdirectory :: string }, the file or the folder, files that the build
                            finds there empty, and, optional, where the project lies below its top;
      override           :: attrs;
      file               :: { package, version, name :: string };
      prepare            :: string, lines of shell that the build starts with;
      advice             :: string | null, what to do where the build fails; null for the advice of
                            a lock of wheelhouse;
    } -> derivation

    Example:
      wheel {
        inherit toolchain builder;
        environment = env;
        source = { path = "/downloads/docopt-0.6.2.tar.gz"; placeholders = [ ]; };
        override = { };
        file = { package = "docopt"; version = "0.6.2"; name = "docopt-0.6.2.tar.gz"; };
      }
      => «derivation /nix/store/…-python3.11-docopt-0.6.2-wheel.drv»
  */
  wheel =
    {
      toolchain,
      builder,
      environment,
      source,
      override,
      file,
      prepare ? "",
      advice ? null,
    }:
    let
      version = file.project.builtVersion or file.version;
    in
    toolchain.stdenv.mkDerivation (
      {
        name = text.storeName "python${environment.python.pythonVersion}-${file.package}-${version}-wheel";
        nativeBuildInputs = override.nativeBuildInputs or [ ];
        buildInputs = override.buildInputs or [ ];
        dontUnpack = true;
        dontConfigure = true;
        dontInstall = true;
        dontFixup = true;
        # The oldest time that a zip file can hold.
        SOURCE_DATE_EPOCH = "315532800";
        passAsFile = [ "spec" ];
        spec = builtins.toJSON {
          inherit (file) package;
          inherit version;
          source = source // {
            inherit (file) name;
          };
          python = "${environment}/bin/python";
          patches = override.patches or [ ];
          configSettings = override.configSettings or { };
          inherit advice;
        };
        buildPhase = ''
          runHook preBuild
          ${prepare}PATH=${builder.python}/bin:$PATH ${builder.python.interpreter} -EsSB ${builder} build
          runHook postBuild
        '';
      }
      // override.env or { }
    );
}
