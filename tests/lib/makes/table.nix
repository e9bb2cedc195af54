_fixtures:
let
  table = import ../../../lib/makes/table.nix;
in
{
  "the table has all flags that Makes had" = {
    value = builtins.attrNames table;
    expected = [
      "withCython_0_29_24"
      "withNumpy_1_21_2"
      "withNumpy_1_24_0"
      "withSetuptoolsScm_5_0_2"
      "withSetuptoolsScm_6_0_1"
      "withSetuptoolsScm_7_1_0"
      "withSetuptools_57_4_0"
      "withSetuptools_67_7_2"
      "withWheel_0_37_0"
      "withWheel_0_40_0"
    ];
  };
}
