let
  pattern = "(${builtins.storeDir}/[0-9a-z]{32}-[A-Za-z0-9+._?=-]+)";
in
/*
  Return the store paths that a text names, with what each is built by, without repetition.

  Type: storePaths :: string -> [string]

  Example:
    storePaths "PATH=/bin:/usr/bin"
    => [ ]
*/
text:
let
  found = builtins.concatLists (builtins.filter builtins.isList (builtins.split pattern text));
  unique = builtins.attrNames (
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = null;
      }) found
    )
  );
in
# What a pattern finds no longer says what it is built by.
map (path: builtins.appendContext path (builtins.getContext text)) unique
