_fixtures:
let
  checkValue = import ../../../lib/overrides/values.nix "wheelhouse: environment \"x\": overrides.docopt";
in
{
  "derivations, paths and texts are libraries" = {
    value = builtins.length (
      checkValue "buildInputs" [
        { outPath = "/zlib"; }
        "/zlib"
        ./values.nix
      ]
    );
    expected = 3;
  };
  "a number among libraries is refused" = {
    value = checkValue "buildInputs" [ 5 ];
    throws = "environment \"x\": overrides.docopt.buildInputs has an item of the type int, where a derivation is expected, as in `buildInputs = [ pkgs.zlib ];`.";
  };
  "null among programs is refused" = {
    value = checkValue "nativeBuildInputs" [ null ];
    throws = "overrides.docopt.nativeBuildInputs has an item of the type null";
  };
  "a patch that isn't there is refused" = {
    value = checkValue "patches" [ ./none.patch ];
    throws = "overrides.docopt.patches: there is no ";
  };
  "a glob that is no text is refused" = {
    value = checkValue "remove" [ ./values.nix ];
    throws = "overrides.docopt.remove has an item that is no string. It is a list of globs";
  };
  "a variable of the build's own is refused" = {
    value = checkValue "env" {
      out = "x";
      A = "1";
    };
    throws = "environment \"x\": overrides.docopt.env can't set \"out\", which the build itself sets.";
  };
  "a variable that is no text is refused" = {
    value = checkValue "env" { A = { }; };
    throws = "overrides.docopt.env.A has the type set. Give a text.";
  };
  "variables of any kind that a derivation has are taken" = {
    value = checkValue "env" {
      A = 1;
      B = true;
      C = "text";
    };
    expected = {
      A = 1;
      B = true;
      C = "text";
    };
  };
}
