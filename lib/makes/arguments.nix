let
  table = import ./table.nix;
  text = import ../text.nix;

  # A build sees one version of a distribution.
  checkOne =
    owner: flags:
    let
      byPackage = builtins.groupBy (flag: table.${flag}.package) flags;
      twice = builtins.filter (name: builtins.length byPackage.${name} > 1) (
        builtins.attrNames byPackage
      );
    in
    if twice == [ ] then
      flags
    else
      throw "wheelhouse: ${owner}: ${
        text.enumerate byPackage.${builtins.head twice}
      } exclude each other; a build sees one version of ${builtins.head twice}. Set one of them.";
in
/*
  Tells the flags of Makes from the arguments of makePythonPypiEnvironment. All that begins with
  `with` and an upper-case letter is a flag; the names of those that are true come back.

  Type: split :: attrs -> { flags :: [string]; arguments :: attrs }

  Example:
    split { name = "x"; withWheel_0_37_0 = true; }
    => { flags = [ "withWheel_0_37_0" ]; arguments = { name = "x"; }; }
*/
arguments:
let
  owner = "environment \"${arguments.name or "without a name"}\"";
  named = builtins.filter (name: builtins.match "with[A-Z].*" name != null) (
    builtins.attrNames arguments
  );
  unknown = builtins.filter (name: !(table ? ${name})) named;
  set =
    name:
    if builtins.isBool arguments.${name} then
      arguments.${name}
    else
      throw "wheelhouse: ${owner}: ${name} is true or false, not a ${builtins.typeOf arguments.${name}}.";
in
if unknown != [ ] then
  throw "wheelhouse: ${owner}: there is no flag ${text.enumerate unknown}. The flags, which are those of Makes, are ${text.enumerate (builtins.attrNames table)}. For any other version or package, name what a build needs in requirements.yaml, as in `pycocotools: {version: \"==2.0\", build-requires: [\"Cython<3\", numpy]}`, and lock again."
else
  {
    flags = checkOne owner (builtins.filter set named);
    arguments = if named == [ ] then arguments else removeAttrs arguments named;
  }
