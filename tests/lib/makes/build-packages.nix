fixtures:
let
  flagLocks = import ../../../lib/makes/locks.nix "environment \"x\"";
  mergeFlagPackages = import ../../../lib/makes/build-packages.nix;

  merged =
    flags: packages:
    map (package: "${package.pname} ${package.version}") (
      mergeFlagPackages {
        context = "environment \"x\"";
        toolchain = {
          target = "x86_64-linux";
          floor.glibc = "2.42";
        };
        python = "3.8";
        inherit flags;
        packages = fixtures.packagesByFile;
      } packages
    );
in
{
  "flags take the place of other versions, and what they depend on fills in" = {
    value =
      merged
        [
          "withSetuptools_57_4_0"
          "withSetuptoolsScm_7_1_0"
        ]
        [
          {
            pname = "packaging";
            version = "21.0";
          }
          {
            pname = "setuptools";
            version = "75.0";
          }
        ];
    expected = [
      "packaging 21.0"
      "setuptools 57.4.0"
      "setuptools-scm 7.1.0"
      "tomli ${(builtins.head (flagLocks "3.8" [ "withSetuptoolsScm_7_1_0" ])).data.closure.tomli}"
      "typing-extensions ${
        (builtins.head (flagLocks "3.8" [ "withSetuptoolsScm_7_1_0" ])).data.closure.typing-extensions
      }"
    ];
  };
  "a flag brings the setuptools that it can't do without" = {
    value =
      merged
        [ "withSetuptoolsScm_5_0_2" ]
        [
          {
            pname = "setuptools";
            version = "84.0";
          }
        ];
    expected = [
      "setuptools 67.8.0"
      "setuptools-scm 5.0.2"
    ];
  };
  "without flags a build has what is locked, in its order" = {
    value =
      merged
        [ ]
        [
          {
            pname = "b";
            version = "1";
          }
          {
            pname = "a";
            version = "1";
          }
        ];
    expected = [
      "b 1"
      "a 1"
    ];
  };
}
