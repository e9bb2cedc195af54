_fixtures:
let
  text = import ../../lib/text.nix;
in
{
  "a prefix is told" = {
    value = map (text.hasPrefix "whe") [
      "wheel"
      "wh"
      ""
    ];
    expected = [
      true
      false
      false
    ];
  };
  "a suffix is told" = {
    value = map (text.hasSuffix ".whl") [
      "a.whl"
      ".whl"
      "whl"
      "a.whl.x"
    ];
    expected = [
      true
      true
      false
      false
    ];
  };
  "lines keep an unfinished last one" = {
    value = map text.lines [
      ""
      "a"
      "a\n"
      "a\n\nb"
    ];
    expected = [
      [ ]
      [ "a" ]
      [ "a" ]
      [
        "a"
        ""
        "b"
      ]
    ];
  };
  "a shell word keeps quotes" = {
    value = text.shellWord "it's $HOME";
    expected = "'it'\\''s $HOME'";
  };
  "names are enumerated" = {
    value = text.enumerate [
      "a"
      "b"
    ];
    expected = "\"a\", \"b\"";
  };
  "a store name has only what the store allows" = {
    value = map text.storeName [
      "torch-2.1.0%2Bcpu.whl"
      "a!b c/d"
      ".hidden"
      "plain-1.0.whl"
    ];
    expected = [
      "torch-2.1.0-2Bcpu.whl"
      "a-b-c-d"
      "_.hidden"
      "plain-1.0.whl"
    ];
  };
  "long store names are cut and stay different" = {
    value =
      let
        long = letter: text.storeName (builtins.concatStringsSep letter (builtins.genList toString 150));
      in
      [
        (builtins.stringLength (long "x") <= 180)
        (text.storeName "${long "x"}y" == long "x")
        (long "x" == long "y")
      ];
    expected = [
      true
      false
      false
    ];
  };
}
