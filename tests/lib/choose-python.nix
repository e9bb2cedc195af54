fixtures:
let
  inherit (fixtures) packageSet;
  inherit (fixtures.library) toolchain;
  choosing =
    requested:
    import ../../lib/choose-python.nix {
      context = "environment \"x\"";
      inherit toolchain requested;
      locked = "3.11";
    };
  python = packageSet.python311;
in
{
  "an interpreter of the lock's version is taken as it is" = {
    value = (choosing (python // { name = "mine"; })).name;
    expected = "mine";
  };
  "it may be one for the same system, however it was built" = {
    value =
      (choosing (
        python
        // {
          name = "built";
          system = "aarch64-linux";
          stdenv.hostPlatform.system = "x86_64-linux";
        }
      )).name;
    expected = "built";
  };
  "an environment of nixpkgs' packages is refused" = {
    value =
      (choosing (
        python
        // {
          inherit python;
          interpreter = "/env/bin/python3.11";
        }
      )).name;
    throws = "environment \"x\": `python` is an environment of nixpkgs' packages (`withPackages`), which would not be seen here. Pass the interpreter, as pkgs.python311, and name the packages in the requirements";
  };
  "PyPy is refused, whatever its version" = {
    value = (choosing (python // { implementation = "pypy"; })).name;
    throws = "environment \"x\": `python` is pypy, but a lock has files for CPython only";
  };
  "an interpreter of another system is refused" = {
    value = (choosing (python // { system = "aarch64-linux"; })).name;
    throws = "environment \"x\": `python` is an interpreter for aarch64-linux, but the environment is for x86_64-linux";
  };
  "one that was cross-compiled for another is refused" = {
    value =
      (choosing (
        python
        // {
          system = "x86_64-linux";
          stdenv.hostPlatform.system = "aarch64-linux";
        }
      )).name;
    throws = "environment \"x\": `python` is an interpreter for aarch64-linux";
  };
  "another version is refused" = {
    value = (choosing packageSet.python312).name;
    throws = "environment \"x\": `python` is 3.12, but the lock is for Python 3.11. Leave `python` out, or lock again for 3.12.";
  };
  "a derivation that is no Python is refused" = {
    value = (choosing { outPath = "/zlib"; }).name;
    throws = "environment \"x\": `python` is no interpreter (it has no pythonVersion, interpreter, sitePackages)";
  };
  "a set of packages is refused" = {
    value = (choosing ({ inherit python; } // python.pkgs)).name;
    throws = "environment \"x\": `python` is no interpreter (it has no";
  };
  "a number is refused" = {
    value = (choosing 3.11).name;
    throws = "environment \"x\": `python` is of the type float, but it must be a version in quotes";
  };
  "a path is refused" = {
    value = (choosing /usr/bin/python3).name;
    throws = "environment \"x\": `python` is of the type path, but it must be";
  };
  "a text that is no version is refused" = {
    value = (choosing "/usr/bin/python3").name;
    throws = "environment \"x\": `python` is the text \"/usr/bin/python3\", which is no version. Write one such as \"3.11\"";
  };
  "a list is refused" = {
    value = (choosing [ python ]).name;
    throws = "environment \"x\": `python` is of the type list";
  };
}
