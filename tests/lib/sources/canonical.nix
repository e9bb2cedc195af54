fixtures:
let
  inherit (fixtures) lock;
  canonical = import ../../../lib/sources/canonical.nix;

  parse = canonical.parse "sources.yaml";
in
{
  "the format's example is read" = {
    value = {
      inherit (lock) wheelhouse python systems;
      inherit (lock.groups) default;
      links = map (link: link.name) lock.links;
      size = (builtins.head lock.links).size;
      edges = (builtins.elemAt lock.packages 1).dependencies;
    };
    expected = {
      wheelhouse = 1;
      python = "3.11";
      systems = {
        aarch64-darwin.macos = "14.0";
        x86_64-linux.glibc = "2.35";
      };
      default = [ "native" ];
      links = [
        "idna-3.10-py3-none-any.whl"
        "native-1.0-cp311-cp311-macosx_11_0_arm64.whl"
        "native-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"
      ];
      size = 70442;
      edges = [
        { name = "idna"; }
        {
          name = "only-mac";
          systems = [ "aarch64-darwin" ];
        }
      ];
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
  "other YAML is told apart" = {
    value = map canonical.isCanonical [
      "wheelhouse: 1\n"
      "python: '3.11'\nwheelhouse: 1\n"
      "# comment\n"
    ];
    expected = [
      true
      false
      false
    ];
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
