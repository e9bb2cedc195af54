fixtures:
let
  inherit (fixtures) lock;
  canonical = import ../../../lib/sources/canonical.nix;

  parse = canonical.parse "sources.yaml";
  file = builtins.readFile ../data/two-systems.yaml;
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
      wheelhouse = 2;
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
  "a lock of format 1 is read line by line" = {
    value = parse (builtins.readFile ../data/two-systems-format-1.yaml) // {
      wheelhouse = 2;
    };
    expected = lock;
  };
  "escapes are read" = {
    value = parse "{\"wheelhouse\": 2,\n\"a\\u00e9\": \"b\\\"\\\\: - c\"\n}\n";
    expected = {
      wheelhouse = 2;
      "aé" = "b\"\\: - c";
    };
  };
  "line ends of Windows are read" = {
    value = parse (builtins.replaceStrings [ "\n" ] [ "\r\n" ] file);
    expected = lock;
  };
  "a lock on one line is read" = {
    value = parse (builtins.replaceStrings [ "\n" ] [ " " ] file);
    expected = lock;
  };
  "other YAML is told apart" = {
    value = map canonical.isCanonical [
      "{\"wheelhouse\": 2,\n"
      "wheelhouse: 1\n"
      "python: '3.11'\nwheelhouse: 1\n"
      "# edited\n{\"wheelhouse\": 2,\n"
      "{\"closure\": {}}"
    ];
    expected = [
      true
      true
      false
      false
      false
    ];
  };
  "of a newer format only the number is read, whatever its lines are like" = {
    value = map parse [
      "{\"wheelhouse\": 3,\n# a remark\n}\n"
      "wheelhouse: 17\npython: {flow: \"collections are new\"}\n"
    ];
    expected = [
      { wheelhouse = "3"; }
      { wheelhouse = "17"; }
    ];
  };
  "of a key that stands twice, the last one holds" = {
    value = parse "{\"wheelhouse\": 2,\n\"python\": \"3.11\",\n\"python\": \"3.12\"\n}\n";
    expected = {
      wheelhouse = 2;
      python = "3.12";
    };
  };
  "a merge conflict is named by its line" = {
    value = parse "{\"wheelhouse\": 2,\n<<<<<<< HEAD\n\"python\": \"3.11\"\n}\n";
    throws = "wheelhouse: sources.yaml, line 2: this is the mark of a merge conflict. Take the file of either side whole, and run lock.";
  };
  "a file that was cut off between lines is named" = {
    value = parse (builtins.substring 0 (builtins.stringLength file - 4) file);
    throws = "wheelhouse: sources.yaml: the file ends too early, so a part of it is missing. Write the file again with lock";
  };
  "a file that was cut off within a line is named" = {
    value = parse (builtins.substring 0 (builtins.stringLength file - 30) file);
    throws = "wheelhouse: sources.yaml: the file ends too early";
  };
  "a remark is named by its line" = {
    value = parse "{\"wheelhouse\": 2,\n# 3.12 soon\n\"python\": \"3.11\"\n}\n";
    throws = "wheelhouse: sources.yaml, line 2: this is not JSON: \"# 3.12 soon\". Write the file again with lock, or, if it was changed by hand, put the line `# edited` before its first one to have it read as ordinary YAML.";
  };
  "a text without quotes is named by its line" = {
    value = parse "{\"wheelhouse\": 2,\n\"python\": v3\n}\n";
    throws = "sources.yaml, line 2: this is not JSON: \"\\\"python\\\": v3\"";
  };
  "a missing comma is named by its line" = {
    value = parse "{\"wheelhouse\": 2,\n\"python\": \"3.11\"\n\"links\": []\n}\n";
    throws = "sources.yaml, line 2: a comma is missing at its end";
  };
  "a comma too many is named by its line" = {
    value = parse "{\"wheelhouse\": 2,\n\"python\": \"3.11\",\n}\n";
    throws = "sources.yaml, line 2: a comma stands before the end of a list or a mapping";
  };
  "a fault within a line too long to look into names the file" = {
    value = parse "{\"wheelhouse\": 2, \"links\": [${builtins.concatStringsSep " " (builtins.genList toString 9999)}]}\n";
    throws = "wheelhouse: sources.yaml: this is not JSON. Write the file again";
  };
  "an empty file is refused" = {
    value = parse "";
    throws = "the file is empty";
  };
}
