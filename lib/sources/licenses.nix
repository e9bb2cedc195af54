let
  text = import ../text.nix;

  # A licence, maybe with later versions of it (`+`), or together with an exception from it.
  license =
    name:
    let
      base = text.before " WITH " name;
      # SPDX has listed some of the GNU licences by such a name.
      isListed = builtins.match "L?GPL-[0-9.]+[+]" base != null;
      id = if isListed then base else text.before "[+]" base;
    in
    {
      shortName = name;
    }
    // (if text.hasPrefix "LicenseRef-" id then { } else { spdxId = id; });

  # What no metadata tells as an expression.
  unknown =
    told:
    let
      prefix = "unknown: ";
      start = builtins.stringLength prefix;
    in
    {
      shortName = "unknown";
    }
    // (
      if text.hasPrefix prefix told then
        { fullName = builtins.substring start (builtins.stringLength told) told; }
      else
        { }
    );

  # nixpkgs has short names of its own for the same licences.
  keyOf =
    license:
    if license ? spdxId && builtins.match ".*([+]| WITH .*)" (license.shortName or "") == null then
      license.spdxId
    else
      "${license.shortName or ""}\n${license.fullName or ""}";

  isUnknown = told: told == "unknown" || text.hasPrefix "unknown: " told;
in
rec {
  /*
    Return the licences that a line of a lock's `licenses` names, in the shape of nixpkgs: an SPDX
    expression, or `unknown: TEXT`. Neither `free` nor `url` is among the attributes, since a lock
    doesn't tell them.

    Type: fromText :: string -> [{ shortName; spdxId?; fullName? :: string }]

    Example:
      fromText "MIT AND (Apache-2.0 WITH LLVM-exception OR LicenseRef-Own)"
      => [
        { shortName = "MIT"; spdxId = "MIT"; }
        { shortName = "Apache-2.0 WITH LLVM-exception"; spdxId = "Apache-2.0"; }
        { shortName = "LicenseRef-Own"; }
      ]
  */
  fromText =
    told:
    if isUnknown told then
      [ (unknown told) ]
    else
      unique (
        map license (
          builtins.filter (part: builtins.isString part && part != "") (
            builtins.split "[()]| AND | OR " told
          )
        )
      );

  /*
    Return licences without those that are there already, in their order.

    Type: unique :: [attrs] -> [attrs]

    Example:
      unique [ { shortName = "MIT"; } { shortName = "0BSD"; } { shortName = "MIT"; } ]
      => [ { shortName = "MIT"; } { shortName = "0BSD"; } ]
  */
  unique =
    licenses:
    let
      count = builtins.length licenses;
      keyed = builtins.genList (
        index:
        let
          value = builtins.elemAt licenses index;
        in
        {
          name = keyOf value;
          inherit index value;
        }
      ) count;
      # Of several with one name, listToAttrs keeps the first.
      first = builtins.listToAttrs (
        map (entry: {
          inherit (entry) name;
          value = entry.index;
        }) keyed
      );
    in
    map (entry: entry.value) (builtins.filter (entry: first.${entry.name} == entry.index) keyed);

  /*
    Return the licences of a package by a lock's `licenses`; null where it says nothing of it.

    Type: ofPackage :: attrs -> { package, version :: string } -> [attrs] | null

    Example:
      ofPackage { idna = "BSD-3-Clause"; } { package = "idna"; version = "3.10"; }
      => [ { shortName = "BSD-3-Clause"; spdxId = "BSD-3-Clause"; } ]
  */
  ofPackage =
    licenses:
    { package, version, ... }:
    let
      told = licenses."${package}==${version}" or licenses.${package} or null;
    in
    if told == null then null else fromText told;
}
