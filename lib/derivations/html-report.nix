let
  pythonDerivation = import ./python-derivation.nix;
  pythonSource = import ./python-source.nix;
  pythonVersion = import ../python-version.nix;
  text = import ../text.nix;
in
/*
  Write a page to look at, about an environment: what is in it and why, its size, its licences, its
  native libraries, what was built. It is one HTML file, which needs no network.

  Type: htmlReport :: {
    name               :: string, of the environment;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    lock               :: attrs, the lock in the shape of docs/sources-yaml.md, without other choices;
    lockFile           :: string, its name, for errors;
    groups, roots      :: [string], the groups and further packages that are asked for;
    packages           :: [derivation], with `pname`;
    overrides          :: { <package> = attrs };
    directories, lacking, hostDriver :: as library-report.nix has them;
  } -> derivation

  Example:
    htmlReport {
      name = "example";
      inherit toolchain builder python;
      lock = { systems = { }; python = "3.11"; };
      lockFile = "sources.yaml";
      packages = [ ];
    }
    => «derivation /nix/store/…-example-report.html.drv»
*/
{
  name,
  toolchain,
  builder,
  python,
  lock,
  lockFile,
  groups ? [ "default" ],
  roots ? [ ],
  packages,
  overrides ? { },
  directories ? [ ],
  lacking ? [ ],
  hostDriver ? false,
}:
pythonDerivation {
  name = text.storeName "${name}-report.html";
  inherit (toolchain) system;
  inherit (builder) python;
  program = [
    "${
      pythonSource [
        "report"
        "lock"
        "native"
      ]
    }/report/derivation.py"
    "${builder}"
  ];
  spec = {
    inherit
      name
      lockFile
      groups
      roots
      hostDriver
      lacking
      ;
    page = builtins.path {
      name = "report-page";
      path = ../../report/page;
    };
    python = pythonVersion python;
    inherit (python) sitePackages;
    system = toolchain.target;
    installed = map (package: {
      name = package.pname;
      path = package;
      overrides = builtins.attrNames (overrides.${package.pname} or { });
    }) packages;
    # What was asked for may name indexes with credentials, and isn't shown.
    lock = removeAttrs lock [ "requested" ];
    directories = if toolchain.libc == "libSystem" then null else directories;
  };
}
