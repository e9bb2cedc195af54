_fixtures:
let
  pythonAttribute = import ../../lib/python-attribute.nix;
in
{
  "a version has the attribute that nixpkgs has" = {
    value = map pythonAttribute [
      "3.11"
      "3.13t"
      "pypy"
    ];
    expected = [
      "python311"
      "python313FreeThreading"
      null
    ];
  };
}
