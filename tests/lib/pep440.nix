_fixtures:
let
  inherit (import ../../lib/pep440.nix) isVersion satisfies;
in
{
  "a snapshot of nixpkgs is no version" = {
    value = map isVersion [
      "0-unstable-2024-01-01"
      "2.14.0"
      "3.50.0rc1"
      ""
    ];
    expected = [
      false
      true
      true
      false
    ];
  };
  "every clause must hold" = {
    value = map (satisfies ">=3.42,<4,!=3.44.*") [
      "3.42"
      "3.44.1"
      "4.0"
    ];
    expected = [
      true
      false
      false
    ];
  };
  "an empty specifier holds for any version" = {
    value = satisfies "" "1.0";
    expected = true;
  };
}
