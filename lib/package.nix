let
  derive = import ./derive.nix;
  fetch = import ./fetch.nix;
  text = import ./text.nix;
in
/*
  One distribution in the store: its wheel, unpacked, wired to native libraries and byte-compiled.
  A wheel for any platform has nothing to wire, and depends on no library.

  Type: package :: {
    owner              :: string, named in errors;
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    libraries          :: [{ attribute, directory :: string }], in order of search;
    strict             :: bool, whether a library that nothing provides is an error;
    download           :: file -> derivation | path;
    file               :: { package, version, name, url, sha256 :: string };
  } -> derivation

  Example:
    package { file = { name = "idna-3.10-py3-none-any.whl"; … }; … }
    => «derivation /nix/store/…-python3.11-idna-3.10.drv»
*/
{
  owner,
  toolchain,
  builder,
  python,
  libraries,
  strict,
  download ? fetch,
  file,
}:
let
  pure = text.hasSuffix "-any.whl" file.name;
  linux = toolchain.libc != "libSystem";
in
if !text.hasSuffix ".whl" file.name then
  throw "wheelhouse: ${owner}: ${file.package} ${file.version} has no wheel for \"${toolchain.system}\", only the source distribution ${file.name}, and building those is not supported yet. Require a version that has a wheel."
else
  derive {
    name = text.storeName "python${python.pythonVersion}-${file.package}-${file.version}";
    inherit (toolchain) system python;
    program = [
      "${builder}"
      "unpack"
    ];
    spec = {
      inherit (file) package version;
      wheel = {
        path = download file;
        inherit (file) name;
      };
      python = {
        executable = python.interpreter;
        version = python.pythonVersion;
        inherit (python) sitePackages;
      };
      patchelf = if pure || !linux then null else "${toolchain.patchelf}/bin/patchelf";
      libraries = if pure then [ ] else libraries;
      inherit (toolchain) driverPath;
      strict = strict && !pure;
    };
  }
  // {
    inherit (file) version;
    pname = file.package;
  }
