# Reads format 1 of sources.yaml (docs/sources-yaml.md) line by line, in pure evaluation.
let
  text = import ../text.nix;

  # indent, dash, (key part, bare key, quoted key), (value part, string, number)
  linePattern = "( *)(- )?(([^\": ]+|\"([^\"\\]*)\"):)?( ?\"([^\"\\]*)\"| ?(0|[1-9][0-9]*))?";
  # The same with escapes, which JSON reads: strings keep their quotes, one more group for each.
  escapedPattern =
    let
      string = "(\"([^\"\\]|\\\\[\"\\/bfnrtu])*\")";
    in
    "( *)(- )?(([^\": ]+|${string}):)?( ?${string}| ?(0|[1-9][0-9]*))?";

  fail =
    file: number: problem:
    throw "wheelhouse: ${file}, line ${toString number}: ${problem} Write the file again with lock, or, if it was changed by hand, remove its first line (`wheelhouse: …`) to have it read as ordinary YAML.";

  token =
    file: number: line:
    let
      plain = builtins.match linePattern line;
      escaped = builtins.match escapedPattern line;
      parts = if plain != null then plain else escaped;
      at = builtins.elemAt parts;
      # Behind the quoted key, the escaped pattern has the group of its characters.
      scalarAt = if plain != null then 5 else 6;
      string = at (scalarAt + 1);
      integer = at (scalarAt + (if plain != null then 2 else 3));
      quotedKey = at 4;
      decoded = quoted: if plain != null then quoted else builtins.fromJSON quoted;
      keyed = at 2 != null;
    in
    if parts == null then
      fail file number
        "expected `key:`, `key: value` or `- value`, with every text in double quotes, but found: ${builtins.toJSON line}."
    else
      {
        inherit number keyed;
        indent = builtins.stringLength (at 0);
        dash = at 1 != null;
        key = if quotedKey != null then decoded quotedKey else at 3;
        scalar = at scalarAt != null;
        value = if string != null then decoded string else builtins.fromJSON integer;
      };

  parse =
    file: content:
    let
      rows = text.lines content;
      count = builtins.length rows;
      tokens = builtins.genList (index: token file (index + 1) (builtins.elemAt rows index)) count;
      at = builtins.elemAt tokens;

      # The indexes in [from, to) that stand at `indent`; all others there must lie deeper.
      heads =
        from: to: indent:
        builtins.filter (
          index:
          let
            found = at index;
          in
          if found.indent == indent then
            true
          else if found.indent > indent && index > from then
            false
          else
            fail file found.number
              "expected an indentation of ${toString indent} spaces, but found ${toString found.indent}."
        ) (builtins.genList (offset: from + offset) (to - from));

      # Calls `read from to` for each head, `to` being where the next one begins.
      eachHead =
        found: to: read:
        let
          last = builtins.length found - 1;
        in
        builtins.genList (
          position:
          read (builtins.elemAt found position) (
            if position == last then to else builtins.elemAt found (position + 1)
          )
        ) (last + 1);

      block =
        from: to: indent:
        if (at from).dash then list from to indent else mapping (heads from to indent) to indent;

      child =
        owner: from: to: indent:
        let
          head = at owner;
        in
        if head.scalar then
          if from < to then
            fail file (at from).number "expected nothing below a key that has a value."
          else
            head.value
        else if from < to then
          block from to indent
        else
          fail file head.number "expected a value after `${head.key}:`.";

      list =
        from: to: indent:
        eachHead (heads from to indent) to (
          index: end:
          let
            head = at index;
          in
          if !head.dash then
            fail file head.number "expected `- `, as the items before it."
          else if head.keyed then
            mapping ([ index ] ++ (if index + 1 < end then heads (index + 1) end (indent + 2) else [ ])) end
              (indent + 2)
          else if head.scalar && index + 1 == end then
            head.value
          else
            fail file head.number "expected one value a list item."
        );

      mapping =
        found: to: indent:
        let
          entries = eachHead found to (
            index: end:
            let
              head = at index;
            in
            if !head.keyed then
              fail file head.number "expected `key:`, as the lines before it."
            else if head.dash && index != builtins.head found then
              fail file head.number "expected `key:` without a dash, as the lines before it."
            else
              {
                name = head.key;
                value = child index (index + 1) end (indent + 2);
                inherit (head) number;
              }
          );
          attrs = builtins.listToAttrs entries;
        in
        if builtins.length (builtins.attrNames attrs) == builtins.length entries then
          attrs
        else
          repeated entries;

      repeated =
        entries:
        let
          groups = builtins.groupBy (entry: entry.name) entries;
          twice = builtins.filter (name: builtins.length groups.${name} > 1) (builtins.attrNames groups);
          second = builtins.elemAt groups.${builtins.head twice} 1;
        in
        fail file second.number "the key `${second.name}` stands twice.";
    in
    if count == 0 then fail file 1 "the file is empty." else block 0 count 0;
in
{
  /*
    Parse a text in the style of format 1. Throws, with the file's name and the line, for another text.

    Type: parse :: string -> string -> attrs

    Example:
      parse "sources.yaml" "wheelhouse: 1\npython: \"3.11\"\n"
      => { wheelhouse = 1; python = "3.11"; }
  */
  inherit parse;
}
