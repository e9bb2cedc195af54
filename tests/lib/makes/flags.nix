_fixtures:
let
  splitFlags = import ../../../lib/makes/flags.nix;
in
{
  "what is set of the flags is told from the arguments" = {
    value = splitFlags {
      name = "x";
      python = "3.8";
      withNumpy_1_21_2 = false;
      withWheel_0_37_0 = true;
    };
    expected = {
      flags = [ "withWheel_0_37_0" ];
      arguments = {
        name = "x";
        python = "3.8";
      };
    };
  };
  "an unknown flag is named with the known ones and the general way" = {
    value =
      (splitFlags {
        name = "x";
        withCython_3 = true;
      }).flags;
    throws = "environment \"x\": there is no flag \"withCython_3\". The flags, which are those of Makes, are \"withCython_0_29_24\", \"withNumpy_1_21_2\", \"withNumpy_1_24_0\"";
  };
  "an unknown flag is answered with build-requires" = {
    value = (splitFlags { withFoo = false; }).flags;
    throws = "name what a build needs in requirements.yaml, as in `pycocotools: {version: \"==2.0\", build-requires: [\"Cython<3\", numpy]}`";
  };
  "two versions of one distribution exclude each other" = {
    value =
      (splitFlags {
        name = "x";
        withNumpy_1_21_2 = true;
        withNumpy_1_24_0 = true;
      }).flags;
    throws = "\"withNumpy_1_21_2\", \"withNumpy_1_24_0\" exclude each other";
  };
  "a flag that is no truth value is refused" = {
    value = (splitFlags { withWheel_0_37_0 = "yes"; }).flags;
    throws = "withWheel_0_37_0 is true or false, not a string";
  };
}
