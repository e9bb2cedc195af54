_fixtures:
let
  foreignBuilds = import ../../../lib/sources/foreign-builds.nix;
  withBuilds =
    names:
    foreignBuilds {
      context = "environment \"x\"";
      flags = [ "withNumpy_1_21_2" ];
      download = file: "/downloads/${file.name}";
      readBuilds = spec: spec;
      data = {
        python = "3.8";
        builds = null;
        links = map (name: {
          inherit name;
          package = builtins.head (builtins.split "-" name);
          version = "1";
        }) names;
      };
    };
in
{
  "a lock of wheels only asks nothing" = {
    value = withBuilds [ "idna-1-py3-none-any.whl" ] ? builds;
    expected = false;
  };
  "of a lock with source distributions these are read, with what there is for them" = {
    value = removeAttrs (withBuilds [
      "docopt-1.tar.gz"
      "idna-1-py3-none-any.whl"
    ]).builds [ "flags" ];
    expected = {
      sources = [
        {
          package = "docopt";
          version = "1";
          name = "docopt-1.tar.gz";
          path = "/downloads/docopt-1.tar.gz";
        }
      ];
      wheels.idna = "1";
      origin = "environment \"x\"";
      given = [ "numpy" ];
      basics = {
        setuptools = "67.7.2";
        wheel = "0.40.0";
      };
    };
  };
}
