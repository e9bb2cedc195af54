_fixtures:
let
  pythonVersion = import ../../lib/python-version.nix;
in
{
  "the folders tell a free-threaded build" = {
    value = map pythonVersion [
      {
        pythonVersion = "3.13";
        sitePackages = "lib/python3.13t/site-packages";
      }
      {
        pythonVersion = "3.13";
        sitePackages = "lib/python3.13/site-packages";
      }
      { pythonVersion = "3.9"; }
    ];
    expected = [
      "3.13t"
      "3.13"
      "3.9"
    ];
  };
}
