_fixtures:
let
  nearNames = import ../../lib/near-names.nix;
  names = [
    "django"
    "idna"
    "opencv-python"
    "opencv-python-headless"
    "pygobject"
  ];
in
{
  "a missing letter is found" = {
    value = nearNames "djago" names;
    expected = [ "django" ];
  };
  "swapped letters are found" = {
    value = nearNames "dajngo" names;
    expected = [ "django" ];
  };
  "a name that has further words is found" = {
    value = nearNames "opencv" names;
    expected = [
      "opencv-python"
      "opencv-python-headless"
    ];
  };
  "a name with a number behind it is found" = {
    value = nearNames "pygobject3" names;
    expected = [ "pygobject" ];
  };
  "the nearest comes first" = {
    value = nearNames "abcdef" [
      "abcdxx"
      "abcdeg"
    ];
    expected = [
      "abcdeg"
      "abcdxx"
    ];
  };
  "nothing is near to a name of its own" = {
    value = nearNames "numpy" names;
    expected = [ ];
  };
}
