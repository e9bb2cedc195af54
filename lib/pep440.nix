# Versions and version specifiers (PEP 440), for what only evaluation knows: the version that a
# package set has. All versions of the index are chosen while locking.
let
  inherit (import ./text.nix) lowered;

  versionPattern =
    "v?(([0-9]+)!)?([0-9]+(\\.[0-9]+)*)"
    + "([-_.]?(alpha|a|beta|b|preview|pre|rc|c)[-_.]?([0-9]*))?"
    + "(-([0-9]+)|[-_.]?(post|rev|r)[-_.]?([0-9]*))?"
    + "([-_.]?(dev)[-_.]?([0-9]*))?"
    + "(\\+([a-z0-9]+([-_.][a-z0-9]+)*))?";

  ranks = {
    a = 0;
    alpha = 0;
    b = 1;
    beta = 1;
    c = 2;
    rc = 2;
    pre = 2;
    preview = 2;
  };

  # JSON allows no leading zeros.
  number =
    digits:
    let
      parts = builtins.match "0*([0-9]*)" digits;
      rest = builtins.head parts;
    in
    if rest == "" then 0 else builtins.fromJSON rest;

  pieces =
    separator: text: builtins.filter builtins.isString (builtins.split separator text);

  # Without the zeros at its end: 1.0 equals 1.
  trimmed =
    release:
    let
      count = builtins.length release;
    in
    if count > 1 && builtins.elemAt release (count - 1) == 0 then
      trimmed (builtins.genList (builtins.elemAt release) (count - 1))
    else
      release;

  localPart =
    part:
    if builtins.match "[0-9]+" part != null then
      [
        1
        (number part)
      ]
    else
      [
        0
        part
      ];

  # null for a text that is no version
  parse =
    version:
    let
      parts = builtins.match versionPattern (lowered version);
      at = builtins.elemAt parts;
      has = index: at index != null;
      pre =
        if has 4 then
          [
            ranks.${at 5}
            (number (at 6))
          ]
        # A development version comes before all that is released of it.
        else if !(has 7) && has 11 then
          [
            (-1)
            0
          ]
        else
          [
            3
            0
          ];
      post =
        if !(has 7) then
          (-1)
        else
          number (if at 8 != null then at 8 else at 10);
      dev =
        if has 11 then
          [
            0
            (number (at 13))
          ]
        else
          [
            1
            0
          ];
    in
    if parts == null then
      null
    else
      {
        epoch = if has 1 then number (at 1) else 0;
        release = map number (pieces "\\." (at 2));
        isPrerelease = has 4 || has 11;
        isPostrelease = has 7;
        local = if has 14 then map localPart (pieces "[-_.]" (at 15)) else [ ];
        suffix = [
          pre
          post
          dev
        ];
      };

  public = version: version // { local = [ ]; };
  # The first of all versions that belong to a release: its own first development version.
  earliest =
    version:
    let
      pre = builtins.head version.suffix;
      post = builtins.elemAt version.suffix 1;
      isPlain = builtins.head pre == 3 && post == -1;
    in
    version
    // {
      suffix = [
        (
          if isPlain then
            [
              (-1)
              0
            ]
          else
            pre
        )
        post
        [
          0
          0
        ]
      ];
    };
  withoutPost =
    version:
    public version
    // {
      suffix = [
        (builtins.head version.suffix)
        (-1)
        [
          1
          0
        ]
      ];
    };

  # -1, 0 or 1: as both are sorted, lists by their first difference
  order =
    first: second:
    if builtins.isList first then
      if first == [ ] || second == [ ] then
        builtins.length first - builtins.length second
      else
        let
          found = order (builtins.head first) (builtins.head second);
        in
        if found != 0 then found else order (builtins.tail first) (builtins.tail second)
    else if first == second then
      0
    else if first < second then
      (-1)
    else
      1;
  key = version: [
    [ version.epoch ]
    (trimmed version.release)
    version.suffix
    version.local
  ];
  compare = first: second: order (key first) (key second);

  # The first numbers of a release, filled up with zeros.
  prefix =
    count: release:
    builtins.genList (
      index: if index < builtins.length release then builtins.elemAt release index else 0
    ) count;
  hasPrefix =
    wanted: version:
    version.epoch == wanted.epoch
    && prefix (builtins.length wanted.release) version.release == wanted.release;

  holds = {
    "==" = wanted: version: compare (if wanted.local == [ ] then public version else version) wanted == 0;
    "!=" = wanted: version: !(holds."==" wanted version);
    ">=" = wanted: version: compare (public version) wanted >= 0;
    "<=" = wanted: version: compare (public version) wanted <= 0;
    # Neither pre-releases of a release come before it, nor its post-releases after it.
    "<" =
      wanted: version:
      compare version (if wanted.isPrerelease then wanted else earliest wanted) < 0;
    ">" =
      wanted: version:
      compare version wanted > 0
      && (
        wanted.isPostrelease || !version.isPostrelease || compare (withoutPost version) wanted != 0
      )
      && !(version.local != [ ] && compare (public version) wanted == 0);
    "~=" =
      wanted: version:
      holds.">=" wanted version
      && hasPrefix (
        wanted
        // {
          release = builtins.genList (builtins.elemAt wanted.release) (builtins.length wanted.release - 1);
        }
      ) version;
  };

  clause =
    text: version:
    let
      parts = builtins.match " *(===|~=|==|!=|<=|>=|<|>) *([^ ]+) *" text;
      operator = builtins.elemAt parts 0;
      given = builtins.elemAt parts 1;
      starred = builtins.match "(.*)\\.\\*" given;
      found = hasPrefix (parse (builtins.head starred)) (parse version);
    in
    if operator == "===" then
      lowered version == lowered given
    else if starred != null then
      found == (operator == "==")
    else
      holds.${operator} (parse given) (parse version);
in
{
  /*
    Return whether a text is a version by PEP 440, as those of unstable snapshots aren't.

    Type: isVersion :: string -> bool

    Example:
      isVersion "0-unstable-2024-01-01"
      => false
  */
  isVersion = version: parse version != null;

  /*
    Return whether a version satisfies every clause of a specifier that a lock has; pre-releases are
    versions like any other, since nothing chooses here.

    Type: satisfies :: string -> string -> bool

    Example:
      satisfies ">=3.42,!=3.44.*" "3.50.0"
      => true
  */
  satisfies =
    specifier: version:
    builtins.all (text: text == "" || clause text version) (pieces "," specifier);
}
