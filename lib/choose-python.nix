let
  pythonVersion = import ./python-version.nix;
  text = import ./text.nix;

  isVersion = value: builtins.match "[0-9]+[.][0-9]+t?" value != null;

  # The system that an interpreter runs on: where it was cross-compiled, `system` is the other one.
  systemOf = python: python.stdenv.hostPlatform.system or python.system or null;

  lacking =
    python:
    builtins.filter (name: !python ? ${name}) [
      "pythonVersion"
      "interpreter"
      "sitePackages"
    ];

  # What is wrong with something given as an interpreter; null for a CPython for a system.
  wrongWith =
    system: python:
    if !builtins.isAttrs python then
      "`python` is of the type ${builtins.typeOf python}, but it must be a version in quotes, as \"3.13\", or an interpreter, as pkgs.python313."
    else if python ? python && python ? pythonVersion then
      "`python` is an environment of nixpkgs' packages (`withPackages`), which would not be seen here. Pass the interpreter, as pkgs.${pythonName python}, and name the packages in the requirements: `NAME: {from: nixpkgs}` takes one from nixpkgs."
    else if lacking python != [ ] then
      "`python` is no interpreter (it has no ${builtins.concatStringsSep ", " (lacking python)}). Pass one such as pkgs.python313, or a version in quotes."
    else if python.implementation or "cpython" != "cpython" then
      "`python` is ${python.implementation}, but a lock has files for CPython only. Leave `python` out, or pass an interpreter such as pkgs.python313."
    else if systemOf python != null && systemOf python != system then
      "`python` is an interpreter for ${systemOf python}, but the environment is for ${system}. Take it from the package set of that system."
    else
      null;

  pythonName = python: "python${builtins.replaceStrings [ "." ] [ "" ] python.pythonVersion}";
in
/*
  Return the interpreter of an environment: the one that is asked for, by its version or as a
  derivation, else the package set's. It has to be the lock's version, of CPython, for the system.

  Type: choosePython :: {
    context   :: string, named in errors;
    toolchain :: the record;
    locked    :: string, the lock's version;
    requested :: null | string | derivation, the argument `python`;
  } -> derivation

  Example:
    (choosePython { context = "environment \"x\""; inherit toolchain; locked = "3.11"; requested = null; }).pythonVersion
    => "3.11"
*/
{
  context,
  toolchain,
  locked,
  requested,
}:
let
  fail = message: throw "wheelhouse: ${context}: ${message}";
  interpreter = toolchain.interpreter locked;
  wrong = wrongWith toolchain.system requested;
  checked =
    version: chosen:
    if version == locked then
      chosen
    else
      fail "`python` is ${version}, but the lock is for Python ${locked}. Leave `python` out, or lock again for ${version}.";
  ofPackageSet =
    if interpreter != null then
      interpreter
    else
      fail "the lock is for Python ${locked}, which the package set lacks; it has ${text.enumerate toolchain.pythonVersions}. Lock again for one of those, or pass an interpreter as `python`.";
in
if requested == null then
  ofPackageSet
else if builtins.isString requested then
  if isVersion requested then
    checked requested ofPackageSet
  else
    fail "`python` is the text \"${requested}\", which is no version. Write one such as \"${locked}\", or pass an interpreter, as pkgs.python313."
else if wrong != null then
  fail wrong
else
  checked (pythonVersion requested) requested
