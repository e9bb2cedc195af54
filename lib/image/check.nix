let
  nearNames = import ../near-names.nix;
  text = import ../text.nix;
  userOf = import ./user.nix;

  isList = is: value: builtins.isList value && builtins.all is value;
  isTexts = isList text.isTextual;
  matches = pattern: value: builtins.isString value && builtins.match pattern value != null;

  name = "([A-Za-z0-9.-]+(:[0-9]+)?/)?([a-z0-9]+(([._]|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*";
  isPlace =
    value:
    matches "/.*" value
    && builtins.all (part: part != "" && part != "." && part != "..") (
      builtins.tail (builtins.filter builtins.isString (builtins.split "/" value))
    );
  isPort = value: builtins.isInt value && value > 0 && value < 65536;
  isWrittenPort =
    value:
    let
      parts =
        if builtins.isString value then
          builtins.match "([1-9][0-9]{0,4})/(tcp|udp|sctp)" value
        else
          null;
    in
    parts != null && isPort (builtins.fromJSON (builtins.head parts));
  isPackage = value: builtins.isAttrs value && value ? outPath;
  inStore = value: value == "/nix" || text.hasPrefix "/nix/" value;
  isFree = value: isPlace value && !(inStore value);

  # Of each argument, whether a value is right, and what is wanted.
  kinds = {
    name = {
      is = matches name;
      wanted = "a name of small letters, digits and `.`, `_`, `-`, `/`, such as \"web\" or \"registry.example/team/web\"";
    };
    tag = {
      is = matches "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
      wanted = "a tag, such as \"1.0\"";
    };
    entrypoint = {
      is = isTexts;
      wanted = "a list of strings, such as [ \"uvicorn\" \"app:app\" ]";
    };
    command = {
      is = isTexts;
      wanted = "a list of strings, such as [ \"--port\" \"8000\" ]";
    };
    user = {
      is = value: builtins.isString value && userOf value != false;
      wanted = "a name, such as \"app\", or numbers, such as \"1000\" or \"1000:1000\"";
    };
    workingDir = {
      is = value: value == "/" || isPlace value;
      wanted = "an absolute path as a string, such as \"/data\"";
    };
    exposedPorts = {
      is = isList (value: isPort value || isWrittenPort value);
      wanted = "a list of ports, such as [ 8000 \"53/udp\" ]";
    };
    volumes = {
      is = isList isFree;
      wanted = "a list of absolute paths outside of /nix as strings, without a slash at the end, such as [ \"/data\" ]";
    };
    created = {
      # Images write years with four digits.
      is = value: builtins.isInt value && value >= 0 && value < 253402300800;
      wanted = "a number of seconds since 1970, such as self.lastModified";
    };
    contents = {
      is = isList isPackage;
      wanted = "a list of packages, such as [ pkgs.coreutils ]";
    };
  };
  # Of each argument that is an attrset, which names and values are right.
  sets = {
    env = {
      isName = matches "[A-Za-z_][A-Za-z0-9_]*";
      isValue = text.isTextual;
      wanted = "an attrset of strings by the name of a variable, such as { PORT = \"8000\"; }";
    };
    labels = {
      isName = name: name != "";
      isValue = builtins.isString;
      wanted = "an attrset of strings, such as { \"org.opencontainers.image.source\" = \"…\"; }";
    };
    files = {
      isName = isFree;
      # Another text would be a link to nothing.
      isValue = value: text.isTextual value && (!builtins.isString value || text.hasPrefix "/" value);
      wanted = "an attrset of files or folders by their absolute path in the image outside of /nix, such as { \"/etc/app.toml\" = ./app.toml; }. A file of some content is builtins.toFile \"app.toml\" \"…\"";
    };
  };

  wrongArgument =
    argument: value:
    if kinds ? ${argument} then
      if kinds.${argument}.is value then
        null
      else
        "`${argument}` must be ${kinds.${argument}.wanted}"
    else if !builtins.isAttrs value || isPackage value then
      "`${argument}` must be ${sets.${argument}.wanted}"
    else
      let
        inherit (sets.${argument}) isName isValue wanted;
        isWrong = name: !(isName name && isValue value.${name});
        wrong = builtins.filter isWrong (builtins.attrNames value);
        first = builtins.head wrong;
      in
      if wrong == [ ] then
        null
      else
        "`${argument}.\"${first}\"` has a wrong ${
          if isName first then "value" else "name"
        }: `${argument}` must be ${wanted}";
in
/*
  Return the arguments of an image, which are those of `defaults`, or throw one error for the first
  that is unknown or wrong.

  Type: check :: { context :: string; known :: [string]; arguments :: attrs } -> attrs

  Example:
    check { context = "image \"web\""; known = [ "tag" "user" ]; arguments = { usr = "app"; }; }
    => error: wheelhouse: image "web" has no argument "usr". Did you mean "user"?
*/
{
  context,
  known,
  arguments,
}:
let
  names = builtins.attrNames arguments;
  unknown = builtins.filter (argument: !(builtins.elem argument known)) names;
  first = builtins.head unknown;
  near = nearNames first known;
  wrong = builtins.filter (message: message != null) (
    map (argument: wrongArgument argument arguments.${argument}) (
      builtins.filter (argument: kinds ? ${argument} || sets ? ${argument}) names
    )
  );
  places = builtins.attrNames (arguments.files or { });
  nested = builtins.filter (
    place: builtins.any (other: text.hasPrefix "${other}/" place) places
  ) places;
in
if unknown != [ ] then
  throw "wheelhouse: ${context} has no argument \"${first}\".${
    if near == [ ] then " It has ${text.enumerate known}." else " Did you mean ${text.enumerate near}?"
  }"
else if wrong != [ ] then
  throw "wheelhouse: ${context}: ${builtins.head wrong}."
else if nested != [ ] then
  throw "wheelhouse: ${context}: files.\"${builtins.head nested}\" lies in another one of `files`, which is a link into the store. Put it into that folder."
else
  arguments
