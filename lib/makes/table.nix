let
  # They import pkg_resources, which newer releases of setuptools lack.
  oldSetuptools.setuptools = "<68";
in
/*
  The flags of Makes, which name a version of a distribution that builds of source distributions see.
  `scripts/lock-makes` locks each of them by itself into sources/, together with its `requirements`.

  Type: table :: { <flag> = { package, version :: string; requirements :: { <package> = string } } }

  Example:
    table.withWheel_0_37_0
    => { package = "wheel"; version = "0.37.0"; }
*/
{
  withCython_0_29_24 = {
    package = "cython";
    version = "0.29.24";
  };
  withNumpy_1_21_2 = {
    package = "numpy";
    version = "1.21.2";
  };
  withNumpy_1_24_0 = {
    package = "numpy";
    version = "1.24.0";
  };
  withSetuptools_57_4_0 = {
    package = "setuptools";
    version = "57.4.0";
  };
  withSetuptools_67_7_2 = {
    package = "setuptools";
    version = "67.7.2";
  };
  withSetuptoolsScm_5_0_2 = {
    package = "setuptools-scm";
    version = "5.0.2";
    requirements = oldSetuptools;
  };
  withSetuptoolsScm_6_0_1 = {
    package = "setuptools-scm";
    version = "6.0.1";
    requirements = oldSetuptools;
  };
  withSetuptoolsScm_7_1_0 = {
    package = "setuptools-scm";
    version = "7.1.0";
  };
  withWheel_0_37_0 = {
    package = "wheel";
    version = "0.37.0";
  };
  withWheel_0_40_0 = {
    package = "wheel";
    version = "0.40.0";
  };
}
