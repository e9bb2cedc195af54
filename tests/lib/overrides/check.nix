_fixtures:
let
  check =
    overrides:
    import ../../../lib/overrides/check.nix {
      context = "environment \"x\"";
      python = "python311";
      kinds = {
        django = [ "pure" ];
        docopt = [ "sdist" ];
        mixed = [
          "native"
          "sdist"
        ];
        numpy = [ "native" ];
        pyyaml = [ "native" ];
        project = [ "project" ];
        setuptools = [
          "pure"
          "build"
        ];
        tkinter = [ "nixpkgs" ];
      };
      inherit overrides;
    };
  refused = name: key: value: throws: {
    value = check { ${name}.${key} = value; };
    throws = "environment \"x\": overrides.${name}.${key} has no effect: ${throws}";
  };
in
{
  "a package that the lock lacks is refused with near names" = {
    value = check { djago.patches = [ ]; };
    throws = "environment \"x\": overrides.djago has no effect: the lock has no package \"djago\". Did you mean \"django\"?";
  };
  "a name that isn't normalized is told the normalized one" = {
    value = check { PyYAML.buildInputs = [ ]; };
    throws = "the lock has no package \"PyYAML\". Write its normalized name, \"pyyaml\".";
  };
  "a name that is like no other is refused as well" = {
    value = check { something-else.patches = [ ]; };
    throws = "the lock has no package \"something-else\".";
  };
  "a package that needs nothing of the system has nothing to switch off" = {
    inherit
      (refused "docopt" "nativeLibraries" false
        "the lock's `native` doesn't name docopt, so it is given nothing. Leave the key out."
      )
      value
      throws
      ;
  };
  "an unknown key is named with the known ones and the nearest" = {
    value = check { docopt.buildInput = [ ]; };
    throws = "environment \"x\": overrides.docopt has no key \"buildInput\". It knows \"buildInputs\", \"configSettings\"";
  };
  "the nearest key stands behind the known ones" = {
    value = check { docopt.patch = [ ]; };
    throws = "Did you mean \"patches\"?";
  };
  "settings of a build are refused for a wheel" = {
    inherit
      (refused "django" "configSettings" { } "the lock has django as a wheel, and only the build of a source distribution uses it. Write `django: {version: \"…\", prefer-sdist: true}` in requirements.yaml")
      value
      throws
      ;
  };
  "libraries are refused for a wheel without native code" = {
    inherit
      (refused "django" "buildInputs" [ ] "the lock has django as a wheel without native code, so nothing looks for libraries")
      value
      throws
      ;
  };
  "libraries of a native wheel are kept" = {
    value = check { numpy.buildInputs = [ "/lib" ]; };
    expected.numpy.buildInputs = [ "/lib" ];
  };
  "a package that some system builds may have settings" = {
    value = check { mixed.configSettings.a = "b"; };
    expected.mixed.configSettings.a = "b";
  };
  "programs and variables have an effect beside a shell" = {
    value = check {
      django = {
        nativeBuildInputs = [ "/program" ];
        env.A = "1";
        postInstall = "true";
      };
    };
    expected.django = {
      nativeBuildInputs = [ "/program" ];
      env.A = "1";
      postInstall = "true";
    };
  };
  "a derivation of nixpkgs is refused for a package of an index" = {
    inherit
      (refused "numpy" "package" { outPath = "/numpy"; } "the lock has a file of numpy. Write `numpy: {from: nixpkgs}` in requirements.yaml and lock again")
      value
      throws
      ;
  };
  "a patch of a package of nixpkgs is refused" = {
    inherit
      (refused "tkinter" "patches" [ ] "tkinter comes from the package set. Change it there, as in `overrides.tkinter.package = pkgs.python311.pkgs.tkinter.overrideAttrs (old: { … });`")
      value
      throws
      ;
  };
  "a version alone is refused" = {
    inherit
      (refused "numpy" "version" "1.0" "it is the version of `source` or `package`")
      value
      throws
      ;
  };
  "a value of another type is refused where it is used" = {
    value = (check { docopt.patches = "/a.patch"; }).docopt.patches;
    throws = "environment \"x\": overrides.docopt.patches has the type string, but it must be a list.";
  };
  "values aren't looked at before they are used" = {
    value = builtins.attrNames (check { docopt.patches = throw "wheelhouse: looked at"; }).docopt;
    expected = [ "patches" ];
  };
  "a source of a package of nixpkgs is refused" = {
    inherit
      (refused "tkinter" "source" "/tkinter.whl" "tkinter comes from the package set")
      value
      throws
      ;
  };
  "variables of what only builds use are refused" = {
    inherit
      (refused "setuptools" "variables" { A = "1"; } "only builds use setuptools, and the lock has it as a wheel. Leave the key out.")
      value
      throws
      ;
  };
  "what only builds use may be patched" = {
    value = check { setuptools.patches = [ ]; };
    expected.setuptools.patches = [ ];
  };
  "a source of a project is refused with the place for it" = {
    inherit
      (refused "project" "source" "/folder" "project is a project, which is built of its folder. Give another folder as `projects.project.source`.")
      value
      throws
      ;
  };
  "a project may have libraries for its build" = {
    value = check { project.buildInputs = [ ]; };
    expected.project.buildInputs = [ ];
  };
}
