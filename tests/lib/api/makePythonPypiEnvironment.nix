fixtures:
let
  inherit (fixtures) lock library makePythonPypiEnvironment;
  environment = arguments: makePythonPypiEnvironment ({ name = "x"; } // arguments);
  ofLock = arguments: environment ({ sourcesRaw = lock; } // arguments);
in
{
  "its packages are those that the lock has for the system" = {
    value = builtins.mapAttrs (_name: package: package.version) (ofLock { }).packages;
    expected = {
      idna = "3.10";
      native = "1.0";
    };
  };
  "a lock given as YAML or as data makes the same environment" = {
    value = (environment { sourcesYaml = ../data/two-systems.yaml; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "its interpreter is the package set's of the lock's version" = {
    value = (ofLock { }).python == library.toolchain.interpreter "3.11";
    expected = true;
  };
  "the lock's version may be said again" = {
    value = (ofLock { python = "3.11"; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "another version than the lock's is refused" = {
    value = (ofLock { python = "3.12"; }).drvPath;
    throws = "environment \"x\": `python` is 3.12, but the lock is for Python 3.11. Leave `python` out, or lock again for 3.12.";
  };
  "what is no interpreter is refused" = {
    value = (ofLock { python = fixtures.packageSet.patchelf; }).drvPath;
    throws = "`python` is /patchelf, but the lock is for Python 3.11";
  };
  "a version that the package set lacks is named with those that it has" = {
    value = (ofLock { sourcesRaw = lock // { python = "3.9"; }; }).drvPath;
    throws = "environment \"x\": the lock is for Python 3.9, which the package set lacks; it has \"3.11\"";
  };
  "a flag of Makes is an argument" = {
    value = (ofLock { withWheel_0_37_0 = true; }).drvPath == (ofLock { }).drvPath;
    expected = true;
  };
  "without a lock it names the three ways to give one" = {
    value = (environment { }).drvPath;
    throws = "give exactly one of sourcesYaml, sourcesJson and sourcesRaw; none of them is given";
  };
  "libraries of searchPathsRuntime are offered to native wheels and not to pure ones" = {
    value =
      let
        plain = ofLock { };
        given = ofLock { searchPathsRuntime.rpath = [ "/openssl" ]; };
        same = name: plain.packages.${name}.drvPath == given.packages.${name}.drvPath;
      in
      map same [
        "idna"
        "native"
      ];
    expected = [
      true
      false
    ];
  };
  "strict changes the environment and no package" = {
    value =
      let
        plain = ofLock { };
        strict = ofLock { strict = true; };
      in
      [
        (plain.drvPath == strict.drvPath)
        (plain.packages.native.drvPath == strict.packages.native.drvPath)
      ];
    expected = [
      false
      true
    ];
  };
}
