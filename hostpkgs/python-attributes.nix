# What nixpkgs says about an interpreter beside its store path.
#
# Type: (String -> Seed -> Derivation) -> String -> Seed -> AttrSet
python: minor: seed:
let
  numbers = builtins.match "([0-9]+)\\.([0-9]+)\\.([0-9]+)(.*)" seed.version;
  digits = builtins.replaceStrings [ "." ] [ "" ] minor;
  abi = if seed.freeThreading or false then "t" else "";
  libPrefix = "python${minor}${abi}";
in
{
  pname = "python3";
  inherit (seed) version;
  pythonVersion = minor;
  sourceVersion = {
    major = builtins.elemAt numbers 0;
    minor = builtins.elemAt numbers 1;
    patch = builtins.elemAt numbers 2;
    suffix = builtins.elemAt numbers 3;
  };
  implementation = "cpython";
  executable = libPrefix;
  interpreter = "${python minor seed}/bin/${libPrefix}";
  inherit libPrefix;
  sitePackages = "lib/${libPrefix}/site-packages";
  pythonABITags = [
    "abi3"
    "none"
    "cp${digits}${abi}"
  ];
  isPy2 = false;
  isPy27 = false;
  isPy3 = true;
  isPy3k = true;
  isPyPy = false;
}
