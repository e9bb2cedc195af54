_fixtures:
let
  storePaths = import ../../../lib/image/store-paths.nix;
  made =
    name:
    derivation {
      inherit name;
      system = "x86_64-linux";
      builder = "/bin/sh";
    };
  plain = map builtins.unsafeDiscardStringContext;
in
{
  "paths are found anywhere in a text, once each" = {
    value = plain (storePaths "PATH=${made "a"}/bin:${made "b"}/bin ${made "a"}");
    expected = plain (
      builtins.sort builtins.lessThan [
        "${made "a"}"
        "${made "b"}"
      ]
    );
  };
  "what they are built by is known" = {
    value = builtins.hasContext (builtins.head (storePaths "${made "a"}/bin"));
    expected = true;
  };
  "other paths are none" = {
    value = storePaths "/usr/bin:/nix/store:/nix/store/x";
    expected = [ ];
  };
}
