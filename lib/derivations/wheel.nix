let
  text = import ../text.nix;
in
/*
  Build the wheel of a source distribution, offline through PEP 517, in its locked environment. The
  result is a folder with one wheel in it.

  Type: wheel :: {
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, of what the build's closure has;
    source             :: { name :: string; path :: derivation | path; placeholders :: [string];
                            subdirectory :: string }, the file or the folder, files that the build
                          finds there empty, and, optional, where the project lies below its top;
    override           :: attrs;
    package, version   :: string, of the distribution;
    prepare            :: string, lines of shell that the build starts with;
    advice             :: string | null, what to do where the build fails; null for the advice of
                          a lock of wheelhouse;
  } -> derivation

  Example:
    wheel {
      inherit toolchain builder;
      environment = env;
      source = { name = "docopt-0.6.2.tar.gz"; path = "/downloads/docopt.tar.gz"; placeholders = [ ]; };
      override = { };
      package = "docopt";
      version = "0.6.2";
    }
    => «derivation /nix/store/…-python3.11-docopt-0.6.2-wheel.drv»
*/
{
  toolchain,
  builder,
  environment,
  source,
  override,
  package,
  version,
  prepare ? "",
  advice ? null,
}:
toolchain.stdenv.mkDerivation (
  {
    name = text.storeName "python${environment.python.pythonVersion}-${package}-${version}-wheel";
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
      inherit package version source;
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
)
