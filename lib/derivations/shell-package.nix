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
      spec = { package = "idna"; version = "3.10"; };
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
  label = "${spec.package} ${toString spec.version}";
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
      # In a shell of its own: one that it ends is not the end of the build.
      set +e
      (set -e; cd "$out/${python.sitePackages}"; PATH=$PATH:${python}/bin; runHook postInstall)
      status=$?
      set -e
      if [ "$status" != 0 ]; then
        echo "wheelhouse: error: ${label}: the shell of \`postInstall\` ended with the status $status; the lines above say why" >&2
        exit 1
      fi
      ${step} finish
      runHook postBuild
    '';
  }
  // edits.env or { }
)
