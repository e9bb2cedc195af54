let
  text = import ../text.nix;
  # Of the same keys; they differ in how a file is written.
  supported = [
    1
    2
  ];
  required = {
    closure = builtins.isAttrs;
    links = builtins.isList;
    python = builtins.isString;
    systems = builtins.isAttrs;
  };
  # What the canonical style can't write, where no package comes from an index.
  empty = {
    closure = { };
    links = [ ];
  };
  requiredOfLink = [
    "name"
    "package"
    "version"
  ];
  # There are thousands of links: this calls no function but isString.
  inherit (builtins) isString;
  isComplete =
    link:
    isString (link.name or null)
    && isString (link.package or null)
    && isString (link.version or null)
    # What names where a link's file comes from.
    && (
      isString (link.url or null) && isString (link.sha256 or null)
      || isString (link.git or null) && isString (link.rev or null)
      || isString (link.path or null)
    );
  # What an item of `native` may have beside its package and version.
  kindsOfNeeds = [
    "cmake"
    "headers"
    "libraries"
    "linked"
    "opened"
    "pkg-config"
    "programs"
  ];
  isStrings = value: builtins.isList value && builtins.all builtins.isString value;

  # What is wrong with an item of `native`; null for nothing.
  faultOfNeeds =
    number: item:
    let
      missing = builtins.filter (key: !builtins.isString (item.${key} or null)) [
        "package"
        "version"
      ];
      others = removeAttrs item [
        "package"
        "version"
      ];
      unknown = builtins.filter (key: !builtins.elem key kindsOfNeeds) (builtins.attrNames others);
      noLists = builtins.filter (key: !isStrings others.${key}) (builtins.attrNames others);
      name = "the item of ${item.package} in `native`";
    in
    if !builtins.isAttrs item then
      "item ${toString number} of `native` has the type ${builtins.typeOf item}, but it must be a mapping"
    else if missing != [ ] then
      "item ${toString number} of `native` has no usable ${text.enumerate missing}"
    else if unknown != [ ] then
      "${name} has the unknown ${text.enumerate unknown}; this version of wheelhouse reads ${text.enumerate kindsOfNeeds}"
    else if noLists != [ ] then
      "${name} has no list of strings as ${text.enumerate noLists}"
    else
      null;
  faultsOfNeeds =
    needs:
    if !builtins.isList needs then
      [ "`native` has the type ${builtins.typeOf needs}, but it must be a list" ]
    else
      builtins.filter (fault: fault != null) (
        builtins.genList (number: faultOfNeeds (number + 1) (builtins.elemAt needs number)) (
          builtins.length needs
        )
      );
  faultsOfLicenses =
    licenses:
    if !builtins.isAttrs licenses then
      [ "`licenses` has the type ${builtins.typeOf licenses}, but it must be a mapping" ]
    else
      map (name: "the licence of ${name} in `licenses` is no string") (
        builtins.filter (name: !builtins.isString licenses.${name}) (builtins.attrNames licenses)
      );
in
/*
  Return a lock that has what the library reads from it. Throws, saying what is wrong, for any other.

  Type: validate :: string -> attrs -> attrs

  Example:
    validate "environment \"example\"" { wheelhouse = 3; }
    => error: environment "example": the lock has format 3
*/
context: given:
let
  hasOthers =
    given ? projects || builtins.any (package: package ? from) (given.packages or [ ]);
  data = if hasOthers then empty // given else given;
  format = data.wheelhouse or 1;
  wrong = builtins.filter (key: !(data ? ${key} && required.${key} data.${key})) (
    builtins.attrNames required
  );
  incomplete = builtins.filter (link: !isComplete link) data.links;
  faults =
    (if data ? native then faultsOfNeeds data.native else [ ])
    ++ (if data ? licenses then faultsOfLicenses data.licenses else [ ]);
in
if !builtins.elem format supported then
  throw "wheelhouse: ${context}: the lock has format ${toString format}, but this version of wheelhouse reads formats ${builtins.concatStringsSep " and " (map toString supported)}. Update wheelhouse, or lock again with this version."
else if wrong != [ ] then
  throw "wheelhouse: ${context}: the lock has no usable ${text.enumerate wrong}. Lock again, or see docs/sources-yaml.md for what stands there."
else if incomplete != [ ] then
  throw "wheelhouse: ${context}: the link ${
    builtins.toJSON ((builtins.head incomplete).name or "without a name")
  } lacks one of ${text.enumerate requiredOfLink}, or both \"url\" and \"sha256\", or others in their place. Lock again."
else if faults != [ ] then
  throw "wheelhouse: ${context}: ${builtins.head faults}. Lock again, or see docs/sources-yaml.md for what stands there."
else
  data
