let
  pythonDerivation = import ./python-derivation.nix;
  shellPackage = import ./shell-package.nix;
  text = import ../text.nix;
in
/*
  Make one distribution in the store: its wheel is unpacked, wired to native libraries and
  byte-compiled. A pure wheel has nothing to wire, and depends on no library.

  Type: package :: {
    toolchain, builder :: the record, the derivation;
    python             :: derivation, the interpreter of the environment;
    libraries          :: [{ attribute, directory :: string }], in order of search;
    wheel              :: { path :: path; name :: string | null }, a file, or (null) the folder
                          of the one wheel that was built;
    name, version      :: string, of the distribution;
    exact              :: bool, whether the wheel must have this version, by default true;
    edits              :: attrs, of an override: `patches`, `remove`, `postInstall`, and what the last
                          one needs; by default none;
    source             :: string | null, the override that gives the wheel, named in errors;
    passthru           :: attrs, further attributes of the result;
    interpreter        :: { executable, version, sitePackages :: string }, of `python`, which all
                          packages of an environment share;
  } -> derivation

  Example:
    package {
      inherit toolchain builder python;
      interpreter = {
        executable = "/python/bin/python3.11";
        version = "3.11";
        sitePackages = "lib/python3.11/site-packages";
      };
      libraries = [ ];
      wheel = { name = "idna-3.10-py3-none-any.whl"; path = "/downloads/idna.whl"; };
      name = "idna";
      version = "3.10";
    }
    => «derivation /nix/store/…-python3.11-idna-3.10.drv»
*/
{
  toolchain,
  builder,
  python,
  libraries,
  wheel,
  name,
  version,
  exact ? true,
  edits ? { },
  source ? null,
  passthru ? { },
  interpreter,
}:
let
  # What a shell installs may be native.
  pure = wheel.name != null && text.hasSuffix "-any.whl" wheel.name && !(edits ? postInstall);
  linux = toolchain.libc != "libSystem";
  storeName = text.storeName "python${interpreter.version}-${name}-${version}";
  attributes = passthru // {
    inherit version;
    pname = name;
    # nixpkgs reads it of each package in a Python package set.
    propagatedBuildInputs = [ ];
  };
  edited = {
    patches = map (patch: "${patch}") (edits.patches or [ ]);
    remove = edits.remove or [ ];
    postInstall = edits ? postInstall;
  };
  spec = {
    package = name;
    inherit wheel;
    version = if exact then version else null;
    python = interpreter;
    patchelf = if pure || !linux then null else "${toolchain.patchelf}/bin/patchelf";
    libraries = if pure then [ ] else libraries;
    inherit (toolchain) driverPath libc;
  }
  // (if source == null then { } else { inherit source; });
in
if edits ? postInstall then
  shellPackage {
    inherit
      toolchain
      builder
      python
      edits
      ;
    spec = spec // {
      edits = edited;
    };
    name = storeName;
    passthru = attributes;
  }
else
  pythonDerivation {
    name = storeName;
    inherit (toolchain) system;
    inherit (builder) python;
    program = [
      "${builder}"
      "unpack"
    ];
    spec = spec // (if edits == { } then { } else { edits = edited; });
    programs = if edits.patches or [ ] == [ ] then [ ] else [ toolchain.patch ];
    passthru = attributes;
  }
