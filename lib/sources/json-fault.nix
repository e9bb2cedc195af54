let
  text = import ../text.nix;

  # What a line of JSON is made of: texts, numbers, words, and what stands between them.
  token = "\"([^\"\\]|\\\\.)*\"|-?[0-9][0-9.eE+-]*|true|false|null|[][{},: \t\r]";
  startsConflict = line: builtins.match "(<<<<<<<|=======|>>>>>>>|[|]{7})( .*)?\r?" line != null;
  isMadeOfTokens = line: builtins.match "(${token})*" line != null;
  # A line break between two items, or between a key and its value, has one of these beside it.
  lacksComma =
    line: next:
    builtins.match ".*[[{,:][ \t\r]*" line == null && builtins.match "[ \t]*([]}].*)?\r?" next == null;
  hasComma =
    line: next: builtins.match ".*,[ \t\r]*" line != null && builtins.match "[ \t]*[]}].*" next != null;

  advice = "Write the file again with lock, or, if it was changed by hand, put the line `# edited` before its first one to have it read as ordinary YAML.";
  settle = "Take the file of either side whole, and run lock.";
in
/*
  Say what is wrong with a text that is to be JSON, as far as its lines tell. It is read only where
  the text isn't JSON, so it may take its time.

  Type: faultOf :: string -> string

  Example:
    faultOf "{\"wheelhouse\": 2,\n<<<<<<< HEAD\n"
    => ", line 2: this is the mark of a merge conflict. Take the file of either side whole, and run lock."
*/
content:
let
  lines = text.lines content;
  last = builtins.length lines - 1;
  line = builtins.elemAt lines;
  problemOf =
    index:
    let
      this = line index;
      next = if index == last then "}" else line (index + 1);
    in
    if startsConflict this then
      "this is the mark of a merge conflict. ${settle}"
    # Nix' regular expressions need a deep stack for a long line, as of JSON on a single one.
    else if builtins.stringLength this > 20000 then
      null
    else if !isMadeOfTokens this then
      "this is not JSON: ${builtins.toJSON (builtins.substring 0 80 this)}. ${advice}"
    else if lacksComma this next then
      "a comma is missing at its end. ${advice}"
    else if hasComma this next then
      "a comma stands before the end of a list or a mapping. ${advice}"
    else
      null;
  faults = builtins.filter (index: problemOf index != null) (
    builtins.genList (index: index) (last + 1)
  );
  first = builtins.head faults;
  # The brace that ends a lock begins its line, too.
  isCut = !(text.hasPrefix "}" (line last)) && (last > 0 || !text.hasSuffix "}" (line last));
in
if isCut && (faults == [ ] || (first == last && !startsConflict (line last))) then
  ": the file ends too early, so a part of it is missing. ${advice}"
else if faults == [ ] then
  ": this is not JSON. ${advice}"
else
  ", line ${toString (first + 1)}: ${problemOf first}"
