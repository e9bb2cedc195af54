let
  libraryOutput = import ../library-output.nix;
  text = import ../text.nix;

  developmentOutput = item: if builtins.isAttrs item then item.dev or item.out or item else item;
in
/*
  Build the wheel of a source distribution, offline through PEP 517, in its locked environment. The
  result is a folder with one wheel in it, and a file with the folders of the libraries that it was
  linked with.

  Type: wheel :: {
    toolchain, builder :: the record, the derivation;
    environment        :: derivation, of what the build's closure has;
    source             :: { name :: string; path :: derivation | path; placeholders :: [string];
                            subdirectory :: string }, the file or the folder, files that the build
                          finds there empty, and, optional, where the project lies below its top;
    override           :: attrs;
    inputs             :: of lib/native/inputs.nix, what the lock says that the build asks for;
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
      inputs = { buildInputs = [ ]; lacking = [ ]; nativeBuildInputs = [ ]; };
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
  inputs,
  package,
  version,
  prepare ? "",
  advice ? null,
}:
let
  derivations = map (input: input.derivation);
  attributes = map (input: input.attribute);
  given = derivations inputs.buildInputs;
  headers = map (item: "${developmentOutput item}/include") given;
  libraries = map (item: "${libraryOutput item}/lib") given;
  # Scripts that look for a header or a library themselves read these.
  searched =
    if given == [ ] then
      { }
    else
      {
        C_INCLUDE_PATH = builtins.concatStringsSep ":" headers;
        # Debug information names the folders of headers, which nothing needs at run time.
        NIX_CFLAGS_COMPILE = "-g0";
        LIBRARY_PATH = builtins.concatStringsSep ":" libraries;
      };
in
toolchain.stdenv.mkDerivation (
  {
    name = text.storeName "python${environment.python.pythonVersion}-${package}-${version}-wheel";
    # What the override gives is found first.
    nativeBuildInputs = override.nativeBuildInputs or [ ] ++ derivations inputs.nativeBuildInputs;
    buildInputs = override.buildInputs or [ ] ++ derivations inputs.buildInputs;
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
      inherit (environment.python) sitePackages;
      patches = override.patches or [ ];
      configSettings = override.configSettings or { };
      inherit advice headers libraries;
      inputs = {
        build = attributes inputs.buildInputs;
        native = attributes inputs.nativeBuildInputs;
        inherit (inputs) lacking;
      };
    };
    buildPhase = ''
      runHook preBuild
      ${prepare}PATH=${builder.python}/bin:$PATH ${builder.python.interpreter} -EsSB ${builder} build
      runHook postBuild
    '';
  }
  // searched
  // override.env or { }
)
