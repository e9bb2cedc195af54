/*
  Make one distribution in the store that shell of an override changes (`postInstall`). That is a build
  in the stdenv, with the programs and functions that its shell has in nixpkgs.

  Type: shellPackage :: {
    name               :: string, a store name;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    spec               :: attrs, of the builder's steps `unpack` and `finish`;
    edits              :: { postInstall :: string; env, buildInputs, nativeBuildInputs }, the last three
                          optional;
    passthru           :: attrs, further attributes of the result;
  } -> derivation

  Example:
    (shellPackage {
      name = "python3.11-idna-3.10";
      inherit toolchain builder python;
      spec = { package = "idna"; };
      edits.postInstall = "rm idna/codec.py";
      passthru = { };
    }).name
    => "python3.11-idna-3.10"
*/
{
  name,
  toolchain,
  builder,
  python,
  spec,
  edits,
  passthru,
}:
let
  step = "PATH=${builder.python}/bin:$PATH ${builder.python.interpreter} -EsSB ${builder}";
in
toolchain.stdenv.mkDerivation (
  {
    inherit name passthru;
    nativeBuildInputs = edits.nativeBuildInputs or [ ];
    buildInputs = edits.buildInputs or [ ];
    dontUnpack = true;
    dontConfigure = true;
    dontInstall = true;
    dontFixup = true;
    passAsFile = [ "spec" ];
    spec = builtins.toJSON spec;
    inherit (edits) postInstall;
    buildPhase = ''
      runHook preBuild
      ${step} unpack
      pushd "$out/${python.sitePackages}" >/dev/null
      runHook postInstall
      popd >/dev/null
      ${step} finish
      runHook postBuild
    '';
  }
  // edits.env or { }
)
