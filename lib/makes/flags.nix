let
  table = import ./table.nix;
  text = import ../text.nix;

  # A build sees one version of a distribution.
  checkExclusive =
    context: flags:
    let
      byPackage = builtins.groupBy (flag: table.${flag}.package) flags;
      twice = builtins.filter (name: builtins.length byPackage.${name} > 1) (
        builtins.attrNames byPackage
      );
    in
    if twice == [ ] then
      flags
    else
      throw "wheelhouse: ${context}: ${
        text.enumerate byPackage.${builtins.head twice}
      } exclude each other; a build sees one version of ${builtins.head twice}. Set one of them.";
in
/*
  Split the flags of Makes from the other arguments of makePythonPypiEnvironment. Every name that
  begins with `with` and an upper-case letter is a flag; those that are true are returned.

  Type: splitFlags :: attrs -> { flags :: [string]; arguments :: attrs }

  Example:
    splitFlags { name = "x"; withWheel_0_37_0 = true; }
    => { flags = [ "withWheel_0_37_0" ]; arguments = { name = "x"; }; }
*/
arguments:
let
  context = "environment \"${arguments.name or "without a name"}\"";
  named = builtins.filter (name: builtins.match "with[A-Z].*" name != null) (
    builtins.attrNames arguments
  );
  unknown = builtins.filter (name: !(table ? ${name})) named;
  isSet =
    name:
    if builtins.isBool arguments.${name} then
      arguments.${name}
    else
      throw "wheelhouse: ${context}: ${name} is true or false, not a ${builtins.typeOf arguments.${name}}.";
in
if unknown != [ ] then
  throw "wheelhouse: ${context}: there is no flag ${text.enumerate unknown}. The flags, which are those of Makes, are ${text.enumerate (builtins.attrNames table)}. For any other version or package, name what a build needs in requirements.yaml, as in `pycocotools: {version: \"==2.0\", build-requires: [\"Cython<3\", numpy]}`, and lock again."
else
  {
    flags = checkExclusive context (builtins.filter isSet named);
    arguments = if named == [ ] then arguments else removeAttrs arguments named;
  }
