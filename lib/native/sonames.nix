let
  attribute = import ./attribute.nix;
  libraryOutput = import ../library-output.nix;

  table = (import ./tables.nix).sonames;

  # A soname with an entry of its own wins over its library without version.
  lookUp =
    soname:
    let
      stem = builtins.match "(.*\\.so)[.0-9]*" soname;
    in
    if table ? ${soname} then
      table.${soname}
    else if stem == null then
      null
    else
      table.${builtins.head stem} or null;
in
/*
  Return the directories of libraries that a distribution needs, by the table of sonames. A soname
  that the table lacks has none: the environment's report names it. Neither has one of a package
  that the package set has for other platforms only, nor, where it isn't required, one that the
  package set lacks: that one is only named.

  Type: sonames :: {
    context, package :: string, the environment and the distribution, named in errors;
    toolchain        :: the record;
    required         :: bool, whether what the package set lacks is an error, by default true;
  } -> [string] -> {
    found   :: [{ attribute, directory :: string }];
    lacking :: [string], attributes;
  }

  Example:
    sonames { context = "environment \"x\""; package = "pyqt6"; inherit toolchain; } [ "libzstd.so.1" ]
    => { found = [ { attribute = "zstd"; directory = "/zstd/lib"; } ]; lacking = [ ]; }
*/
{
  context,
  package,
  toolchain,
  required ? true,
}:
names:
let
  # By attribute: one package has several libraries.
  wanted = builtins.groupBy (soname: lookUp soname) (
    builtins.filter (soname: lookUp soname != null) names
  );
  isGiven = path: required || toolchain.attribute path != null;
  attributes = builtins.partition isGiven (builtins.attrNames wanted);
in
{
  found =
    map
      (one: {
        inherit (one) attribute;
        directory = "${libraryOutput one.derivation}/lib";
      })
      (
        builtins.filter (one: !(one.derivation.meta.unsupported or false)) (
          map (path: {
            attribute = path;
            derivation = attribute {
              inherit context package toolchain;
              thing = builtins.head wanted.${path};
              table = "sonames.json";
            } path;
          }) attributes.right
        )
      );
  lacking = attributes.wrong;
}
