/*
  Return what the package set has at an attribute that a table of native/ names. Throws a sentence
  for one that it lacks.

  Type: attribute :: {
    context, package :: string, the environment and the distribution, named in errors;
    toolchain        :: the record;
    thing            :: string, what the distribution needs;
    table            :: string, the file of the table;
  } -> string -> derivation

  Example:
    attribute { context = "environment \"x\""; package = "pyqt6"; inherit toolchain; thing = "libzstd.so.1"; table = "sonames.json"; } "zstd"
    => pkgs.zstd
*/
{
  context,
  package,
  toolchain,
  thing,
  table,
}:
path:
let
  found = toolchain.attribute path;
in
if found != null then
  found
else
  throw "wheelhouse: ${context}: ${package} needs ${thing}, which is in `pkgs.${path}` by native/${table}, but the package set has no such attribute. Write `overrides.${package} = { nativeLibraries = false; };` and give the library by other keys of the override, or take a package set that has it."
