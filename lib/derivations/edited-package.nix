/*
  Make one distribution in the store that an override edits: patches, removed files and shell. That is
  a build in the stdenv, with the programs and functions that its shell has in nixpkgs.

  Type: editedPackage :: {
    name               :: string, a store name;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    spec               :: attrs, of the builder's step `unpack`;
    edits              :: { patches, remove, postInstall, env, buildInputs, nativeBuildInputs }, all
                          of it optional;
    passthru           :: attrs, further attributes of the result;
  } -> derivation

  Example:
    (editedPackage {
      name = "python3.11-idna-3.10";
      inherit toolchain builder python;
      spec = { package = "idna"; };
      edits.remove = [ "lib/python3.11/site-packages/idna/codec.py" ];
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
  hasShell = edits ? postInstall;
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
    spec = builtins.toJSON (
      spec
      // {
        edits = {
          patches = map (patch: "${patch}") (edits.patches or [ ]);
          remove = edits.remove or [ ];
          postInstall = hasShell;
        };
      }
    );
    buildPhase = ''
      runHook preBuild
      ${step} unpack
    ''
    + (
      if hasShell then
        ''
          pushd "$out/${python.sitePackages}" >/dev/null
          runHook postInstall
          popd >/dev/null
          ${step} finish
        ''
      else
        ""
    )
    + ''
      runHook postBuild
    '';
  }
  // (if hasShell then { inherit (edits) postInstall; } else { })
  // edits.env or { }
)
