fixtures:
let
  inherit (fixtures) lock;
  lines = import ../../../lib/sources/lines.nix;

  parse = lines.parse "sources.yaml";
in
{
  "a lock of format 1 has what it has in format 2" = {
    value = parse (builtins.readFile ../data/two-systems-format-1.yaml);
    expected = lock // {
      wheelhouse = 1;
    };
  };
  "quoted keys and escapes are read" = {
    value = parse "wheelhouse: 1\nclosure:\n  \"on\": \"a\\\"\\\\\\u00e9: - b\"\n  x: \"\"\n";
    expected = {
      wheelhouse = 1;
      closure = {
        on = "a\"\\é: - b";
        x = "";
      };
    };
  };
  "escapes of quoted keys are read, whatever stands behind them" = {
    value = parse "wheelhouse: 1\n\"a\\u00e9\":\n  \"b\\\"\": 2\n  \"c\\\\\": \"d\"\n  \"e\": \"\\\"\"\n";
    expected = {
      wheelhouse = 1;
      "aé" = {
        "b\"" = 2;
        "c\\" = "d";
        e = "\"";
      };
    };
  };
  "a merge conflict is named by its line" = {
    value = parse "wheelhouse: 1\n<<<<<<< HEAD\npython: \"3.11\"\n";
    throws = "sources.yaml, line 2: expected `key:`";
  };
  "a text without quotes is named by its line" = {
    value = parse "wheelhouse: 1\npython: 3.11\n";
    throws = "sources.yaml, line 2";
  };
  "a wrong indentation is named by its line" = {
    value = parse "wheelhouse: 1\nclosure:\n    a: \"1\"\n";
    throws = "sources.yaml, line 3: expected an indentation of 2 spaces, but found 4";
  };
  "a repeated key is named by its second line" = {
    value = parse "wheelhouse: 1\nclosure:\n  a: \"1\"\n  a: \"2\"\n";
    throws = "sources.yaml, line 4: the key `a` stands twice";
  };
  "a key without a value is named by its line" = {
    value = parse "wheelhouse: 1\nclosure:\npython: \"3.11\"\n";
    throws = "sources.yaml, line 2: expected a value after `closure:`";
  };
  "a value with a block below is refused" = {
    value = parse "wheelhouse: 1\npython: \"3.11\"\n  x: \"1\"\n";
    throws = "sources.yaml, line 3: expected nothing below";
  };
  "a list item amid keys is refused" = {
    value = parse "wheelhouse: 1\nclosure:\n  a: \"1\"\n  - \"b\"\n";
    throws = "sources.yaml, line 4: expected `key:`";
  };
  "a key amid list items is refused" = {
    value = parse "wheelhouse: 1\ngroups:\n  - \"b\"\n  a: \"1\"\n";
    throws = "sources.yaml, line 4: expected `- `";
  };
  "an empty file is refused" = {
    value = parse "";
    throws = "the file is empty";
  };
}
