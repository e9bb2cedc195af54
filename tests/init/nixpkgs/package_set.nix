# Python packages that record what they are called with, in place of nixpkgs'.
{
  system ? "x86_64-linux",
  ...
}:
let
  lib = {
    fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    optionals = condition: list: if condition then list else [ ];
    licenses = {
      asl20 = "Apache-2.0";
      mit = "MIT";
      bsd3 = "BSD-3-Clause";
      OR = licenses: { inherit licenses; };
    };
    sourceTypes = {
      binaryBytecode = "bytecode";
      binaryNativeCode = "native";
    };
  };
  named = names: builtins.listToAttrs (map (name: { inherit name; value = named' name; }) names);
  named' = name: {
    pname = name;
    optional-dependencies.http2 = [ "${name} with http2" ];
  };
  fix = attributes: let value = attributes value; in value;
  build = kind: attributes: fix attributes // { inherit kind; };
  native = {
    inherit lib;
    stdenv.hostPlatform = {
      isDarwin = false;
      isLinux = true;
    };
    rustPlatform = {
      cargoSetupHook = "cargo-setup-hook";
      maturinBuildHook = "maturin-build-hook";
      fetchCargoVendor = arguments: arguments;
    };
    fetchPypi = arguments: arguments;
    fetchFromGitHub = arguments: arguments;
    autoPatchelfHook = "auto-patchelf-hook";
  }
  // named [
    "cargo"
    "openssl"
    "pkg-config"
    "rustc"
    "zstd"
  ];
  called = scope: file: overrides:
    let
      function = if builtins.isFunction file then file else import file;
    in
    function (builtins.intersectAttrs (builtins.functionArgs function) scope // overrides);
  pythonPackages = {
    isPyPy = false;
    pythonOlder = version: builtins.compareVersions "3.13" version < 0;
    pythonAtLeast = version: builtins.compareVersions "3.13" version >= 0;
    buildPythonPackage = build "package";
    buildPythonApplication = build "application";
    callPackage = called (native // { pkgs = native; } // pythonPackages);
  }
  // named [
    "appnope"
    "brotli"
    "certifi"
    "click"
    "cython"
    "hatch-fancy-pypi-readme"
    "hatchling"
    "httpx"
    "pygobject3"
    "rich"
    "setuptools"
    "tomli"
  ]
  // {
    h11 = {
      pname = "h11";
      version = "0.14.0";
    };
  };
in
native
// {
  callPackage = called (native // { python3Packages = pythonPackages; });
  python3 = {
    pythonVersion = "3.13";
    pkgs = pythonPackages;
  };
  inherit system;
}
