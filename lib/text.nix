# Small text functions that `builtins` lacks.
let
  letters = "abcdefghijklmnopqrstuvwxyz";
  capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  characters = word: builtins.genList (index: builtins.substring index 1 word) 26;
in
rec {
  /*
    Return whether a text begins with another.

    Type: hasPrefix :: string -> string -> bool

    Example:
      hasPrefix "wheel" "wheelhouse"
      => true
  */
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;

  /*
    Return whether a text ends with another.

    Type: hasSuffix :: string -> string -> bool

    Example:
      hasSuffix ".whl" "numpy-1.26.4-cp311-cp311-linux_x86_64.whl"
      => true
  */
  hasSuffix =
    suffix: text:
    let
      length = builtins.stringLength suffix;
      total = builtins.stringLength text;
    in
    total >= length && builtins.substring (total - length) length text == suffix;

  /*
    Return what a text has before a separator: all of it where there is none.

    Type: before :: string -> string -> string

    Example:
      before "-" "3f2a1b-dirty"
      => "3f2a1b"
  */
  before = separator: text: builtins.head (builtins.split separator text);

  /*
    Return whether a value can stand in a text: a text, a path or a derivation.

    Type: isTextual :: any -> bool

    Example:
      isTextual { outPath = "/nix/store/…-zlib"; }
      => true
  */
  isTextual = value: builtins.isString value || builtins.isPath value || value ? outPath;

  /*
    Return the lines of a text without their line ends; a final line end begins no further line.

    Type: lines :: string -> [string]

    Example:
      lines "a\nb\n"
      => [ "a" "b" ]
  */
  lines =
    text:
    let
      parts = builtins.filter builtins.isString (builtins.split "\n" text);
      count = builtins.length parts;
    in
    if builtins.elemAt parts (count - 1) == "" then
      builtins.genList (builtins.elemAt parts) (count - 1)
    else
      parts;

  /*
    Quote a text as one word of a shell.

    Type: shellWord :: string -> string

    Example:
      shellWord "it's"
      => "'it'\\''s'"
  */
  shellWord = text: "'${builtins.replaceStrings [ "'" ] [ "'\\''" ] text}'";

  /*
    Return names in quotes, separated by commas.

    Type: enumerate :: [string] -> string

    Example:
      enumerate [ "a" "b" "c" ]
      => "\"a\", \"b\", \"c\""
  */
  enumerate = names: builtins.concatStringsSep ", " (map (name: "\"${name}\"") names);

  /*
    Return a text with small letters for its capitals.

    Type: lowered :: string -> string

    Example:
      lowered "3.0RC1"
      => "3.0rc1"
  */
  lowered = builtins.replaceStrings (characters capitals) (characters letters);

  /*
    Return the normalized form of a project name (PEP 503).

    Type: normalizedName :: string -> string

    Example:
      normalizedName "Ruamel.YAML_clib"
      => "ruamel-yaml-clib"
  */
  normalizedName =
    name:
    builtins.concatStringsSep "-" (
      builtins.filter builtins.isString (builtins.split "[-_.]+" (lowered name))
    );

  /*
    Return a name that the store accepts, made of any text: characters outside `[A-Za-z0-9+._?=-]`
    become `-`, a leading dot goes, and a text too long is cut in the middle, where a piece
    of its hash keeps it unique (the store allows 211 characters, and Nix adds `.drv` and output names).

    Type: storeName :: string -> string

    Example:
      storeName "torch-2.1.0%2Bcpu-cp311-cp311-linux_x86_64.whl"
      => "torch-2.1.0-2Bcpu-cp311-cp311-linux_x86_64.whl"
  */
  storeName =
    text:
    let
      allowed = builtins.concatStringsSep "-" (
        builtins.filter builtins.isString (builtins.split "[^A-Za-z0-9+._?=-]" text)
      );
      dotless = if hasPrefix "." allowed then "_${allowed}" else allowed;
      length = builtins.stringLength dotless;
      hash = builtins.substring 0 10 (builtins.hashString "sha256" text);
    in
    if length <= 180 then
      dotless
    else
      "${builtins.substring 0 80 dotless}-${hash}-${builtins.substring (length - 80) 80 dotless}";
}
