_fixtures:
let
  compose =
    overrides:
    import ../../../lib/overrides/compose.nix {
      context = "environment \"x\"";
      final.numpy = {
        outPath = "/numpy";
      };
      packages = {
        docopt = [ "sdist" ];
        numpy = [ "native" ];
      };
      inherit overrides;
    };
in
{
  "an attrset is itself" = {
    value = compose { docopt.env.A = "1"; };
    expected.docopt.env.A = "1";
  };
  "later ones replace earlier ones key by key" = {
    value = compose [
      {
        docopt = {
          env.A = "1";
          patches = [ "/a" ];
        };
      }
      { docopt.patches = [ "/b" ]; }
    ];
    expected.docopt = {
      env.A = "1";
      patches = [ "/b" ];
    };
  };
  "a function gets what stands before it" = {
    value = compose [
      { docopt.patches = [ "/a" ]; }
      (_final: prev: { docopt.patches = prev.docopt.patches ++ [ "/b" ]; })
    ];
    expected.docopt.patches = [
      "/a"
      "/b"
    ];
  };
  "a function finds every package of the lock, with or without changes" = {
    value = compose (_final: prev: { docopt.patches = prev.docopt.patches or [ "/none" ]; });
    expected.docopt.patches = [ "/none" ];
  };
  "a function gets the finished packages" = {
    value = compose (final: _prev: { docopt.env.NUMPY = "${final.numpy}"; });
    expected.docopt.env.NUMPY = "/numpy";
  };
  "what is no attrset is refused" = {
    value = compose [ "docopt" ];
    throws = "environment \"x\": `overrides` is of the type string, not an attrset. Write `overrides = { NAME.patches = [ … ]; };`";
  };
  "a package that is no attrset is refused" = {
    value = compose { docopt = [ "/a.patch" ]; };
    throws = "environment \"x\": overrides.docopt is of the type list, not an attrset";
  };
  "a derivation in place of the keys is refused" = {
    value = compose { docopt.outPath = "/docopt"; };
    throws = "overrides.docopt is a derivation, not an attrset";
  };
  "a function of one argument is refused" = {
    value = compose (_prev: { docopt.patches = [ ]; });
    throws = "a function in `overrides` takes two arguments one after the other, `final: prev: { … }`";
  };
  "a function that takes an attrset apart is refused" = {
    value = compose ({ docopt, ... }: _prev: { inherit docopt; });
    throws = "a function in `overrides` takes two arguments one after the other";
  };
}
